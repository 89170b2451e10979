//! How far learning has come, as bytes: what is left at the end of an epoch to be taken up from.

use super::train::{History, State};

/// How far a loop has come.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Progressed {
    /// Epochs done.
    pub(super) epoch: u32,
    /// How much shorter steps are than usual.
    pub(super) factor: f32,
    pub(super) without_better: u32,
    pub(super) history: History,
    /// The state after the last epoch.
    pub(super) sound: State,
    /// The best held-out measure, its epoch and state.
    pub(super) best: Option<(f64, u32, State)>,
}

/// The first bytes: another layout has another number.
const MAGIC: &[u8; 8] = b"LALEARN1";

impl Progressed {
    /// Nothing done yet.
    pub(super) fn begin(losses: &[&str], sound: State) -> Self {
        let history = History {
            losses: losses.iter().map(|name| ((*name).to_owned(), Vec::new())).collect(),
            ..History::default()
        };
        Progressed { epoch: 0, factor: 1.0, without_better: 0, history, sound, best: None }
    }

    /// As bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Bytes(MAGIC.to_vec());
        writer.whole(self.epoch.into());
        writer.whole(self.factor.to_bits().into());
        writer.whole(self.without_better.into());
        let History { losses, held_out, kept, taken_back, .. } = &self.history;
        writer.whole(losses.len() as u64);
        for (_, means) in losses {
            writer.whole(means.len() as u64);
            for mean in means {
                writer.whole(mean.to_bits());
            }
        }
        writer.whole(held_out.len() as u64);
        for (epoch, measure) in held_out {
            writer.whole((*epoch).into());
            writer.whole(measure.to_bits());
        }
        writer.whole((*kept).into());
        writer.whole((*taken_back).into());
        writer.state(&self.sound);
        writer.whole(u64::from(self.best.is_some()));
        if let Some((measure, epoch, state)) = &self.best {
            writer.whole(measure.to_bits());
            writer.whole((*epoch).into());
            writer.state(state);
        }
        writer.0
    }

    /// Back from bytes, for a loop whose losses have these names and whose learner has a state like this one. `None` if
    /// they are of another loop.
    pub(super) fn from_bytes(bytes: &[u8], names: &[&str], like: &State) -> Option<Self> {
        let mut reader = Reader(bytes.strip_prefix(MAGIC)?);
        let epoch = reader.small()?;
        let factor = f32::from_bits(reader.small()?);
        let without_better = reader.small()?;
        if reader.whole()? != names.len() as u64 {
            return None;
        }
        let mut history = History::default();
        for name in names {
            let means = reader.count(8)?;
            let means = (0..means).map(|_| reader.real()).collect::<Option<Vec<f64>>>()?;
            history.losses.push(((*name).to_owned(), means));
        }
        let looks = reader.count(16)?;
        history.held_out =
            (0..looks).map(|_| Some((reader.small()?, reader.real()?))).collect::<Option<_>>()?;
        history.kept = reader.small()?;
        history.taken_back = reader.small()?;
        let sound = reader.state(like)?;
        let best = match reader.whole()? {
            0 => None,
            1 => Some((reader.real()?, reader.small()?, reader.state(like)?)),
            _ => return None,
        };
        reader.0.is_empty().then_some(Progressed { epoch, factor, without_better, history, sound, best })
    }
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn whole(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn state(&mut self, state: &State) {
        for numbers in &state.numbers {
            self.0.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        }
        for &count in &state.counts {
            self.whole(count);
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn whole(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.whole()?).ok()
    }

    fn real(&mut self) -> Option<f64> {
        self.whole().map(f64::from_bits)
    }

    /// How many things of so many bytes follow: never more than there is room for.
    fn count(&mut self, bytes: usize) -> Option<usize> {
        let count = usize::try_from(self.whole()?).ok()?;
        (count <= self.0.len() / bytes).then_some(count)
    }

    /// A state of the same sizes.
    fn state(&mut self, like: &State) -> Option<State> {
        let mut numbers = Vec::with_capacity(like.numbers.len());
        for like in &like.numbers {
            let (own, rest) = self.0.split_at_checked(like.len() * 4)?;
            self.0 = rest;
            numbers.push(own.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect());
        }
        let counts = like.counts.iter().map(|_| self.whole()).collect::<Option<_>>()?;
        Some(State { numbers, counts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        let state = |x: f32| State { numbers: vec![vec![x, -0.0], vec![1.5]], counts: vec![7] };
        let history = History {
            losses: vec![("a".to_owned(), vec![1.0, 0.5]), ("b".to_owned(), vec![2.0])],
            held_out: vec![(1, 0.25), (2, f64::MIN_POSITIVE)],
            kept: 2,
            taken_back: 1,
            ..History::default()
        };
        let best = Some((0.25, 1, state(4.0)));
        let saved = Progressed { epoch: 2, factor: 0.5, without_better: 1, history, sound: state(3.0), best };
        let bytes = saved.to_bytes();
        assert_eq!(Progressed::from_bytes(&bytes, &["a", "b"], &state(0.0)), Some(saved));
        assert_eq!(Progressed::from_bytes(&bytes, &["a"], &state(0.0)), None);
        let other = State { numbers: vec![vec![0.0; 4]], counts: vec![7] };
        assert_eq!(Progressed::from_bytes(&bytes, &["a", "b"], &other), None);
        for end in 0..bytes.len() {
            assert_eq!(Progressed::from_bytes(&bytes[..end], &["a", "b"], &state(0.0)), None);
        }
    }
}
