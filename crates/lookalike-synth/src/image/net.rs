use lookalike_learn::net::image::{Graph, Node, Shape};

/// A network with its ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Net {
    pub(super) graph: Graph,
    pub(super) input: Node,
    /// Where the class is told, if it is.
    pub(super) told: Option<Node>,
    pub(super) output: Node,
}

/// A node with the class beside it, if it is told, and where that is.
pub(super) fn beside(graph: &mut Graph, x: Node, told: usize) -> (Option<Node>, Node) {
    if told == 0 {
        return (None, x);
    }
    let own = graph.input(Shape::row(told));
    (Some(own), graph.concat(x, own))
}
