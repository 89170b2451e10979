//! Generators against critics.

use lookalike::synth::{Ctgan, Gan, GanLoss, GanRestraint};
use lookalike::{AnySynthesizer, Condition, Context, SampleRequest, Seed};

use crate::{correlation, deviation, learn, numbers, related, sample};

/// An adversarial network that learns in a few seconds.
pub(crate) fn small_gan() -> Gan {
    let (hidden, critic) = (vec![64], vec![64]);
    Gan { epochs: 80, batch: 50, rate: 1e-3, latent: 8, hidden, critic, ..Gan::default() }
}

fn small_ctgan() -> Ctgan {
    let (hidden, critic) = (vec![64], vec![64]);
    Ctgan { epochs: 80, batch: 100, rate: 1e-3, latent: 8, hidden, critic, ..Ctgan::default() }
}

#[test]
fn adversaries_learn_relations_under_every_restraint() {
    let table = related(3000);
    let gans = [
        (GanLoss::CrossEntropy, GanRestraint::R1),
        (GanLoss::CrossEntropy, GanRestraint::SpectralNorm),
        (GanLoss::Wasserstein, GanRestraint::GradientPenalty),
    ];
    let gans = gans.map(|(loss, restraint)| AnySynthesizer::Gan(Gan { loss, restraint, ..small_gan() }));
    for method in gans.into_iter().chain([AnySynthesizer::Ctgan(small_ctgan())]) {
        let model = learn(&method, &table, None);
        let sampled = sample(&model, 5000);
        let (x, y) = (numbers(&sampled, "x"), numbers(&sampled, "y"));
        let found = correlation(&x, &y);
        assert!(found > 0.7, "{method:?}: numbers correlate by {found}");
        let spread = deviation(&x);
        assert!((0.8..1.2).contains(&spread), "{method:?}: a deviation of {spread} instead of 1");
        let training = model.training().expect("it learns in epochs");
        assert_eq!(training.losses.len(), 3);
        assert!(!training.checks.is_empty() && !training.held_out.is_empty());
    }
}

#[test]
fn a_generator_that_has_not_learned_is_told_of() {
    let gan = Gan { epochs: 1, rate: 1e-9, average: 0.0, ..small_gan() };
    let model = learn(&AnySynthesizer::Gan(gan), &related(1000), None);
    let told = model.warnings().iter().any(|warning| warning.message.contains("mode collapse"));
    assert!(told, "nothing is said of it: {:?}", model.warnings());
}

#[test]
fn a_told_level_is_what_is_made() {
    let model = learn(&AnySynthesizer::Ctgan(small_ctgan()), &related(3000), None);
    let conditions = vec![Condition::parse("side=above", model.schema(), 1).expect("a condition")];
    let request = SampleRequest { rows: 0..2000, conditions, ..SampleRequest::default() };
    let sampler = model.sample(&request, &Context::new(Seed::new(5))).expect("a possible request");
    let sampled = sampler.collect_table().expect("sampling works");
    let side = sampled.schema().index_of("side").expect("a column");
    assert!(sampled.column(side).texts().expect("levels").iter().all(|side| side == Some("above")));
    let right = numbers(&sampled, "x").iter().filter(|x| **x > 0.0).count();
    assert!(right > 1500, "{right} of 2000 numbers go with the level");
}
