use lookalike_core::{Topic, Warning};
use lookalike_learn::net::{End, History};
use serde::{Deserialize, Serialize};

/// How learning a network went, as a model keeps it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Per loss, its name and its mean in each epoch.
    pub losses: Vec<(String, Vec<f64>)>,
    /// What the held-out measure is.
    pub measure: String,
    /// Epochs after which rows that were held out were looked at, and the measure on them; lower is better.
    pub held_out: Vec<(u32, f64)>,
    /// The epoch whose network was kept.
    pub kept: u32,
    /// What was counted when learning had ended, such as the latent numbers that are in use.
    #[serde(default)]
    pub checks: Vec<(String, f64)>,
}

impl Training {
    /// What a loop tells, and warnings of what was not as one may expect.
    pub(crate) fn new(history: History, measure: &str) -> (Self, Vec<Warning>) {
        let mut messages = Vec::new();
        if history.taken_back > 0 {
            messages.push(format!(
                "numbers ran away while learning {} times: steps were taken back and halved",
                history.taken_back
            ));
        }
        match history.end {
            End::OutOfTime => messages.push(
                "learning ended when its time was up: how far it came, and so the model, depends on the machine"
                    .to_owned(),
            ),
            End::Asked => messages.push("learning was ended early; the best so far was kept".to_owned()),
            End::RanAway => messages.push(
                "numbers ran away again and again; what was learned before was kept: a smaller rate may help"
                    .to_owned(),
            ),
            End::Done | End::NoBetter => {}
        }
        let warnings = messages.into_iter().map(|message| Warning::new(Topic::Model, message)).collect();
        let training = Training {
            losses: history.losses,
            measure: measure.to_owned(),
            held_out: history.held_out,
            kept: history.kept,
            checks: Vec::new(),
        };
        (training, warnings)
    }
}
