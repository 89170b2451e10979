//! Learning that is broken off and taken up again.

use std::sync::Mutex;

use lookalike::synth::{Gan, GanRestraint};
use lookalike::{AnySynthesizer, Checkpoint, Context, FitOptions, Seed, model_file};

use crate::adversaries::small_gan;
use crate::related;

#[test]
fn learning_that_is_taken_up_again_ends_as_it_would_have() {
    /// Keeps all that is left, and gives one of them back.
    #[derive(Default)]
    struct Kept {
        left: Mutex<Vec<Vec<u8>>>,
        given: Option<Vec<u8>>,
    }
    impl Checkpoint for Kept {
        fn load(&self) -> Option<Vec<u8>> {
            self.given.clone()
        }
        fn store(&self, bytes: Vec<u8>) {
            self.left.lock().expect("no test panics with it").push(bytes);
        }
    }
    let table = related(700);
    let spectral = Gan { restraint: GanRestraint::SpectralNorm, epochs: 30, ..small_gan() };
    let methods =
        lookalike_testing::methods().into_iter().filter(|method| method.clone().with_epochs(1).is_ok());
    for method in methods.chain([AnySynthesizer::Gan(spectral)]) {
        let learn = |kept: &Kept| {
            let context = Context::new(Seed::new(4)).with_checkpoint(kept);
            method.fit(&table, &FitOptions::default(), &context).map(|model| model_file::to_bytes(&model))
        };
        let without = Kept::default();
        let whole = learn(&without).expect("it can be learned");
        let left = without.left.into_inner().expect("no test panics with it");
        assert!(left.len() > 3, "{}: only {} times something is left", method.name(), left.len());
        let given = Some(left[left.len() / 2].clone());
        let taken_up = learn(&Kept { given, ..Kept::default() }).expect("it can be taken up");
        assert!(taken_up == whole, "{}: it ends in another way", method.name());
        let given = Some(left[0][..left[0].len() - 1].to_vec());
        let error = learn(&Kept { given, ..Kept::default() }).expect_err("something is missing");
        assert!(error.to_string().contains("checkpoint"), "{error}");
    }
}
