use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use lookalike_core::{Cancelled, Context, Phase, Progress, Seed};
use lookalike_table::Table;

use super::Generator;
use super::attack::{Scores, reaches, scores};
use super::cells::Compared;
use super::targets::Targets;
use crate::error::Result;

/// What attacks saw in all refits.
pub(super) struct Worlds {
    /// For each pair of refits and each record its scores where it was in, and where it was out.
    pub(super) pairs: Vec<Vec<Sight>>,
}

/// The scores of one record in one pair of refits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    pub(super) inside: Scores,
    pub(super) outside: Scores,
}

/// Passes cancellation on, and nothing else: a refit is one step of the audit.
struct OneStep<'a>(&'a dyn Progress);

impl Progress for OneStep<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

impl Worlds {
    /// Learns and samples the table so often, and scores all records each time.
    pub(super) fn run(
        targets: &Targets,
        compared: &Compared,
        generator: &Generator<'_>,
        refits: usize,
        context: &Context<'_>,
    ) -> Result<Self> {
        let both = compared.points(&Table::concat(&[targets.table.clone(), targets.background.clone()])?);
        let reaches = reaches(&both, targets.table.n_rows());
        drop(both);
        let phase = Phase::begin(context.progress, "refitting", Some(refits as u64));
        let refit = |number: usize| -> Result<Vec<Scores>> {
            let found = Refit { targets, compared, generator, reaches: &reaches, context }.run(number)?;
            phase.advance(1).map_err(lookalike_table::Error::from)?;
            Ok(found)
        };
        let found = side_by_side(refits, &refit)?;
        let pairs = (0..refits / 2)
            .map(|pair| {
                let coins = coins(context.seed, pair, targets.records.len());
                let (first, second) = (&found[2 * pair], &found[2 * pair + 1]);
                coins
                    .iter()
                    .zip(first.iter().zip(second))
                    .map(|(&in_first, (&first, &second))| {
                        let (inside, outside) = if in_first { (first, second) } else { (second, first) };
                        Sight { inside, outside }
                    })
                    .collect()
            })
            .collect();
        Ok(Worlds { pairs })
    }
}

/// For each record whether it is in the first refit of a pair; else it is in the second.
fn coins(seed: Seed, pair: usize, records: usize) -> Vec<bool> {
    let mut stream = seed.stream("audit coins", pair as u64);
    (0..records).map(|_| stream.bits() & 1 == 1).collect()
}

struct Refit<'a> {
    targets: &'a Targets,
    compared: &'a Compared,
    generator: &'a Generator<'a>,
    reaches: &'a [u64],
    context: &'a Context<'a>,
}

impl Refit<'_> {
    fn run(&self, number: usize) -> Result<Vec<Scores>> {
        let Targets { table, records, background } = self.targets;
        let seed = self.context.seed;
        let in_first = coins(seed, number / 2, records.len());
        let inside = records
            .iter()
            .zip(in_first)
            .filter(|(_, in_first)| *in_first == number.is_multiple_of(2))
            .flat_map(|(record, _)| record.rows.clone())
            .collect::<Vec<usize>>();
        let train = Table::concat(&[background.clone(), table.take(&inside)])?;
        // At the end they could be treated differently from others.
        let order = seed.stream("audit rows", number as u64).permutation(train.n_rows());
        let train = train.take(&order);
        let quiet = OneStep(self.context.progress);
        let own = Seed::new(seed.stream("audit refit", number as u64).bits());
        let synthetic = (self.generator)(&train, &Context::new(own).with_progress(&quiet))?;
        let points = self.compared.points(&Table::concat(&[table.clone(), synthetic])?);
        let score =
            |rows: &std::ops::Range<usize>| scores(&points, rows.clone(), self.reaches, table.n_rows());
        Ok(records.iter().map(|record| score(&record.rows)).collect())
    }
}

/// Does `count` pieces of work, each on a single thread, as many at once as there are threads: with work that is alike,
/// that wastes less than dividing each piece, and no more pieces are in memory than there are threads.
fn side_by_side<T: Send>(count: usize, work: &(dyn Fn(usize) -> Result<T> + Sync)) -> Result<Vec<T>> {
    let threads = rayon::current_num_threads().clamp(1, count.max(1));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let failed: Mutex<Option<(usize, crate::Error)>> = Mutex::new(None);
    let worker = || {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count || failed.lock().is_ok_and(|failed| failed.is_some()) {
                break;
            }
            // Where the system allows no more threads, those that there are help each other.
            let result = match &alone {
                Ok(pool) => pool.install(|| work(number)),
                Err(_) => work(number),
            };
            match result {
                Ok(result) => {
                    done.lock().expect("no worker panics while it holds the lock").push((number, result));
                }
                Err(error) => {
                    let mut failed = failed.lock().expect("no worker panics while it holds the lock");
                    // Of several the first, so that the message does not depend on who was faster.
                    if failed.as_ref().is_none_or(|(first, _)| number < *first) {
                        *failed = Some((number, error));
                    }
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
    if let Ok(Some((_, error))) = failed.into_inner() {
        return Err(error);
    }
    let mut done = done.into_inner().map_err(|_| lookalike_table::Error::from(Cancelled))?;
    done.sort_unstable_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coins_are_fair_and_independent() {
        let all: Vec<Vec<bool>> = (0..400).map(|pair| coins(Seed::new(1), pair, 25)).collect();
        let heads = all.iter().flatten().filter(|coin| **coin).count();
        assert!((4_800..5_200).contains(&heads), "{heads}");
        let agree = all.iter().filter(|coins| coins[3] == coins[17]).count();
        assert!((160..240).contains(&agree), "{agree}");
    }

    #[test]
    fn work_keeps_its_order_and_the_first_failure_counts() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let squares = pool.install(|| side_by_side(50, &|number| Ok(number * number))).unwrap();
        assert_eq!(squares, (0..50).map(|number| number * number).collect::<Vec<_>>());
        let refuse = |number: usize| -> Result<usize> {
            if number < 7 { Ok(number) } else { Err(crate::Error::Audit { problem: number.to_string() }) }
        };
        let error = pool.install(|| side_by_side(50, &refuse)).unwrap_err();
        assert_eq!(error.to_string(), "7");
    }
}
