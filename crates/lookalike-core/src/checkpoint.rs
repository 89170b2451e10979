/// Where long work leaves how far it has come, so that it can be taken up again with the same result.
///
/// What is left depends on data, options and seed: whoever implements this sees to it that it is given back for the same
/// ones only, and whole.
pub trait Checkpoint: Sync {
    /// What was left, where work is to be taken up again.
    fn load(&self) -> Option<Vec<u8>>;

    /// Leaves this in the place of what was left before. Where that fails, the work goes on: it is the implementation's to
    /// tell of it.
    fn store(&self, bytes: Vec<u8>);
}
