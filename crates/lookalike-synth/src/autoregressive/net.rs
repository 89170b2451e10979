//! The network of one variable: what is known of the other variables goes in, the choices between its segments come out.

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::{
    Activation, Choices, Matrix, Mode, Network, Parameters, Sparse, SparseLinear, Tape,
};
use lookalike_table::Codes;

use super::columns::Columns;

/// A variable's network.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    /// The variable.
    pub(crate) variable: usize,
    /// Where the numbers of the other variables begin.
    places: Vec<u32>,
    pub(super) first: SparseLinear,
    pub(super) rest: Network,
    pub(super) choices: Choices,
    pub(crate) parameters: Parameters,
}

impl Net {
    /// With random weights. While it learns, a unit is left out with the chance `dropout`.
    pub(crate) fn new(
        columns: &Columns,
        variable: usize,
        hidden: &[usize],
        dropout: f32,
        seed: Seed,
    ) -> Self {
        let mut parameters = Parameters::new();
        let mut stream = seed.derive("parameters").stream("variable", variable as u64);
        let (places, inputs) = columns.places(variable);
        let counting = columns.len() / 2;
        let width = hidden.first().copied().unwrap_or(1);
        let first = SparseLinear::new(inputs, width, counting, &mut parameters, &mut stream);
        let bend = |network: Network| {
            let network = network.activation(Activation::Relu);
            if dropout > 0.0 { network.dropout(dropout) } else { network }
        };
        let mut rest = bend(Network::new(width));
        for &units in hidden.iter().skip(1) {
            rest = bend(rest.linear(units, &mut parameters, &mut stream));
        }
        let tree = &columns.trees[variable];
        let width = rest.outputs();
        let choices =
            Choices::new(tree.next.clone(), tree.prior.clone(), width, &mut parameters, &mut stream);
        Net { variable, places, first, rest, choices, parameters }
    }

    /// How many parameters such a network has; `None` if more than can be counted.
    pub(crate) fn size(columns: &Columns, variable: usize, hidden: &[usize]) -> Option<usize> {
        let (_, mut width) = columns.places(variable);
        let mut sum: usize = 0;
        for &units in hidden {
            sum = sum.checked_add(width.checked_add(1)?.checked_mul(units)?)?;
            width = units;
        }
        sum.checked_add(width.checked_add(1)?.checked_mul(columns.trees[variable].next.len())?)
    }

    /// Adds what the network reads of another variable to a row.
    pub(super) fn read(&self, columns: &Columns, other: usize, segment: u32, sparse: &mut Sparse) {
        if segment == Codes::MISSING {
            return;
        }
        let (reading, start) = (&columns.reading[other], self.places[other]);
        let code = start + reading.codes[segment as usize];
        match reading.next.get(segment as usize) {
            Some(&next) if next > 0.0 => {
                sparse.push(code, 1.0 - next);
                sparse.push(code + 1, next);
            }
            _ => sparse.push(code, 1.0),
        }
        if let Some(&number) = reading.numbers.get(segment as usize) {
            sparse.push(start + reading.first_cycle() as u32 - 1, number);
        }
        for (place, &number) in reading.cycles.of(segment).iter().enumerate() {
            sparse.push(start + (reading.first_cycle() + place) as u32, number);
        }
    }

    /// From rows to what the choices depend on.
    pub(super) fn forward<'t>(&self, sparse: &Sparse, tape: &'t mut Tape) -> &'t Matrix {
        self.first.forward(&self.parameters, sparse, tape.input_mut());
        self.rest.forward(&self.parameters, tape, Mode::Using)
    }

    /// The same to learn from.
    pub(super) fn forward_learning<'t>(
        &self,
        sparse: &Sparse,
        tape: &'t mut Tape,
        stream: &mut Stream,
    ) -> &'t Matrix {
        self.first.forward(&self.parameters, sparse, tape.input_mut());
        self.rest.forward(&self.parameters, tape, Mode::Learning(stream))
    }
}
