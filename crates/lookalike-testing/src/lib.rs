//! Tables for tests, and the laws that every method obeys. Not published.

#![expect(clippy::missing_panics_doc, reason = "laws panic when they are broken: that is what they are for")]

pub mod laws;
pub mod personal;
pub mod pictures;
pub mod python;
pub mod tables;
pub mod visits;

use lookalike::AnySynthesizer;
use lookalike::synth::{Autoregressive, Ctgan, Gan, Tvae, Vae};

/// Every method, those that are networks with small and quick ones.
pub fn methods() -> Vec<AnySynthesizer> {
    let method = |name: &str| match AnySynthesizer::from_name(name).expect("a listed name") {
        AnySynthesizer::Vae(vae) => {
            AnySynthesizer::Vae(Vae { epochs: 60, batch: 50, latent: 8, hidden: vec![32], ..vae })
        }
        AnySynthesizer::Tvae(tvae) => {
            AnySynthesizer::Tvae(Tvae { epochs: 60, batch: 50, latent: 8, hidden: vec![32], ..tvae })
        }
        AnySynthesizer::Gan(gan) => {
            let (hidden, critic) = (vec![32], vec![32]);
            AnySynthesizer::Gan(Gan { epochs: 40, batch: 50, rate: 1e-3, latent: 8, hidden, critic, ..gan })
        }
        AnySynthesizer::Ctgan(ctgan) => {
            let (hidden, critic) = (vec![32], vec![32]);
            AnySynthesizer::Ctgan(Ctgan {
                epochs: 40,
                batch: 50,
                rate: 1e-3,
                latent: 8,
                hidden,
                critic,
                ..ctgan
            })
        }
        AnySynthesizer::Autoregressive(networks) => AnySynthesizer::Autoregressive(Autoregressive {
            epochs: 20,
            batch: 50,
            hidden: vec![32],
            ..networks
        }),
        other => other,
    };
    AnySynthesizer::NAMES.iter().map(|name| method(name)).collect()
}
