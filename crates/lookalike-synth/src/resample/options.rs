//! What is to be balanced, and how far.

use serde::{Deserialize, Serialize};

use super::classes::Classes;
use super::error::ResampleError;
use crate::error::Result;

/// What is to be balanced.
///
/// ```
/// use lookalike_synth::resample::{Balance, Strategy};
/// let balance = Balance { strategy: Strategy::Ratio(0.5), ..Balance::of(3) };
/// assert_eq!(balance.target, 3);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// The column whose values are the classes: categories, truth values, or numbers with few values.
    pub target: usize,
    /// Other columns: the classes are then the combinations of their values with the target's.
    pub by: Vec<usize>,
    /// Balances the combinations of each of the target's classes with each other, not with those of other classes: the
    /// groups within a class become equally many, the classes do not.
    pub within: bool,
    /// How many rows of each class there are to be.
    pub strategy: Strategy,
    /// Leaves made-up numbers as they were calculated. Otherwise whole numbers stay whole, decimals keep their places,
    /// and no number lies outside what its column has.
    pub textbook: bool,
    /// Measures distances in the columns' own units, as imbalanced-learn does: the column with the largest numbers then
    /// decides who is near. Otherwise numbers and dates are divided by their standard deviation first.
    pub raw_units: bool,
}

impl Balance {
    /// Balancing the classes of one column, all as many as the largest (or smallest).
    pub fn of(target: usize) -> Self {
        Balance {
            target,
            by: Vec::new(),
            within: false,
            strategy: Strategy::Auto,
            textbook: false,
            raw_units: false,
        }
    }
}

/// How many rows of each class there are to be: imbalanced-learn's `sampling_strategy`.
///
/// A method that adds rows adds them to the classes that are meant until each has as many as the largest; one that leaves
/// rows out does until each has as many as the smallest. Methods that clean decide themselves how many rows go, and take
/// them from the classes that are meant. Of classes that are equally large the first is the smallest or largest.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Strategy {
    /// All but the largest class grow, or all but the smallest shrink.
    #[default]
    Auto,
    /// The smallest class only. Not for methods that leave rows out.
    Minority,
    /// The largest class only. Not for methods that add rows.
    Majority,
    /// All but the smallest.
    NotMinority,
    /// All but the largest.
    NotMajority,
    /// All.
    All,
    /// These, called as in [`Counts`](Strategy::Counts).
    Classes(Vec<String>),
    /// The number of rows of the smaller of two classes divided by that of the larger, afterwards.
    Ratio(f64),
    /// How many rows some classes have afterwards; the others stay as they are. With several columns a class is called by
    /// its values with commas between them, the target's first.
    Counts(Vec<(String, u64)>),
}

impl Strategy {
    /// The strategy of this name, or the ratio that the text is, or counts such as `yes=500,no=900`.
    ///
    /// ```
    /// use lookalike_synth::resample::Strategy;
    /// assert_eq!(Strategy::parse("not-minority"), Some(Strategy::NotMinority));
    /// assert_eq!(Strategy::parse("0.5"), Some(Strategy::Ratio(0.5)));
    /// assert_eq!(Strategy::parse(">50K=9000"), Some(Strategy::Counts(vec![(">50K".into(), 9000)])));
    /// assert_eq!(Strategy::parse("most"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim() {
            "auto" => Strategy::Auto,
            "minority" => Strategy::Minority,
            "majority" => Strategy::Majority,
            "not-minority" | "not minority" => Strategy::NotMinority,
            "not-majority" | "not majority" => Strategy::NotMajority,
            "all" => Strategy::All,
            text => match text.parse::<f64>() {
                Ok(ratio) if ratio > 0.0 && ratio <= 1.0 => Strategy::Ratio(ratio),
                Ok(_) => return None,
                Err(_) => Strategy::Counts(counts(text)?),
            },
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Strategy::Auto => "auto",
            Strategy::Minority => "minority",
            Strategy::Majority => "majority",
            Strategy::NotMinority => "not-minority",
            Strategy::NotMajority => "not-majority",
            Strategy::All => "all",
            Strategy::Classes(_) => "classes",
            Strategy::Ratio(_) => "ratio",
            Strategy::Counts(_) => "counts",
        }
    }

    /// How many rows each class is to get, where rows are added.
    pub(super) fn added(&self, classes: &Classes, method: &'static str) -> Result<Vec<usize>> {
        let mut added = vec![0; classes.counts.len()];
        if let Strategy::Counts(wanted) = self {
            for (name, count) in wanted {
                let class = classes.named(name)?;
                let more =
                    usize::try_from(*count).ok().and_then(|count| count.checked_sub(classes.counts[class]));
                added[class] = more.ok_or_else(|| opposite(method, true, name))?;
            }
            return Ok(added);
        }
        let listed = self.listed(classes)?;
        for scope in &classes.scopes {
            let (smallest, largest) = extremes(scope, &classes.counts);
            let most = classes.counts[largest];
            let meant = |class: usize| match self {
                Strategy::Classes(_) => Ok(listed.contains(&class)),
                Strategy::Auto | Strategy::NotMajority => Ok(class != largest),
                Strategy::Minority | Strategy::Ratio(_) => Ok(class == smallest && smallest != largest),
                Strategy::NotMinority => Ok(class != smallest),
                Strategy::All => Ok(true),
                Strategy::Majority | Strategy::Counts(_) => Err(ResampleError::Strategy {
                    method,
                    strategy: self.name(),
                    cure: "the largest class has nothing to grow to; say auto or minority",
                }),
            };
            let goal = match self {
                Strategy::Ratio(ratio) => {
                    two(scope)?;
                    let goal = (most as f64 * ratio) as usize;
                    if scope.len() == 2 && goal < classes.counts[smallest] {
                        return Err(opposite(method, true, "the ratio"));
                    }
                    goal
                }
                _ => most,
            };
            for &class in scope {
                if meant(class)? {
                    added[class] = goal.saturating_sub(classes.counts[class]);
                }
            }
        }
        Ok(added)
    }

    /// How many rows each class is to keep, where rows are left out; `None` for those that stay as they are.
    pub(super) fn kept(&self, classes: &Classes, method: &'static str) -> Result<Vec<Option<usize>>> {
        let mut kept = vec![None; classes.counts.len()];
        if let Strategy::Counts(wanted) = self {
            for (name, count) in wanted {
                let class = classes.named(name)?;
                if *count > classes.counts[class] as u64 {
                    return Err(opposite(method, false, name));
                }
                kept[class] = Some(*count as usize);
            }
            return Ok(kept);
        }
        if let Strategy::Ratio(ratio) = self {
            for scope in &classes.scopes {
                two(scope)?;
                let (smallest, largest) = extremes(scope, &classes.counts);
                let goal = (classes.counts[smallest] as f64 / ratio) as usize;
                if goal > classes.counts[largest] {
                    return Err(opposite(method, false, "the ratio"));
                }
                if scope.len() == 2 {
                    kept[largest] = Some(goal);
                }
            }
            return Ok(kept);
        }
        let meant = self.meant(classes, method)?;
        for scope in &classes.scopes {
            let (smallest, _) = extremes(scope, &classes.counts);
            for &class in scope.iter().filter(|&&class| meant[class]) {
                kept[class] = Some(classes.counts[smallest]);
            }
        }
        Ok(kept)
    }

    /// From which classes rows are taken by a method that cleans.
    pub(super) fn meant(&self, classes: &Classes, method: &'static str) -> Result<Vec<bool>> {
        let mut meant = vec![false; classes.counts.len()];
        let listed = self.listed(classes)?;
        for scope in &classes.scopes {
            let (smallest, largest) = extremes(scope, &classes.counts);
            for &class in scope {
                meant[class] = match self {
                    Strategy::Classes(_) => listed.contains(&class),
                    Strategy::Auto | Strategy::NotMinority => class != smallest,
                    Strategy::Majority => class == largest,
                    Strategy::NotMajority => class != largest,
                    Strategy::All => true,
                    Strategy::Minority => {
                        return Err(ResampleError::Strategy {
                            method,
                            strategy: self.name(),
                            cure: "it takes rows away, which the smallest class has too few of; say auto or majority",
                        }
                        .into());
                    }
                    Strategy::Ratio(_) | Strategy::Counts(_) => {
                        return Err(ResampleError::NoCounts { method }.into());
                    }
                };
            }
        }
        Ok(meant)
    }

    /// The classes that are meant by name.
    fn listed(&self, classes: &Classes) -> Result<Vec<usize>> {
        match self {
            Strategy::Classes(names) => names.iter().map(|name| classes.named(name)).collect(),
            _ => Ok(Vec::new()),
        }
    }
}

/// The smallest and the largest class of a scope.
fn extremes(scope: &[usize], counts: &[usize]) -> (usize, usize) {
    let smallest = scope.iter().copied().min_by_key(|&class| (counts[class], class));
    let largest = scope.iter().copied().max_by_key(|&class| (counts[class], std::cmp::Reverse(class)));
    (smallest.unwrap_or(0), largest.unwrap_or(0))
}

fn two(scope: &[usize]) -> Result<()> {
    if scope.len() > 2 {
        return Err(ResampleError::RatioOfClasses { classes: scope.len() }.into());
    }
    Ok(())
}

fn opposite(method: &'static str, adds: bool, what: &str) -> crate::error::Error {
    ResampleError::Direction { method, adds, what: what.to_owned() }.into()
}

/// Counts such as `yes=500,no=900`. A part without a count belongs to the name that follows it: names may have commas.
fn counts(text: &str) -> Option<Vec<(String, u64)>> {
    let mut found = Vec::new();
    let mut pending = String::new();
    for part in text.split(',') {
        pending.push_str(part);
        if let Some((name, count)) = pending.rsplit_once('=')
            && let Ok(count) = count.trim().parse()
        {
            found.push((name.to_owned(), count));
            pending.clear();
        } else {
            pending.push(',');
        }
    }
    (pending.is_empty() && !found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(counts: &[usize]) -> Classes {
        Classes {
            names: (0..counts.len()).map(|class| format!("c{class}")).collect(),
            of_row: Vec::new(),
            counts: counts.to_vec(),
            scopes: vec![(0..counts.len()).collect()],
        }
    }

    #[test]
    fn strategies_mean_what_they_say() {
        let three = classes(&[10, 30, 20]);
        let added = |strategy: Strategy| strategy.added(&three, "smote").unwrap();
        assert_eq!(added(Strategy::Auto), [20, 0, 10]);
        assert_eq!(added(Strategy::Minority), [20, 0, 0]);
        assert_eq!(added(Strategy::NotMinority), [0, 0, 10]);
        assert_eq!(added(Strategy::All), [20, 0, 10]);
        assert_eq!(added(Strategy::Counts(vec![("c2".into(), 25)])), [0, 0, 5]);
        let kept = |strategy: Strategy| strategy.kept(&three, "random-under").unwrap();
        assert_eq!(kept(Strategy::Auto), [None, Some(10), Some(10)]);
        assert_eq!(kept(Strategy::Majority), [None, Some(10), None]);
        assert_eq!(kept(Strategy::NotMajority), [Some(10), None, Some(10)]);
        assert_eq!(kept(Strategy::Counts(vec![("c1".into(), 7)])), [None, Some(7), None]);
        assert_eq!(Strategy::All.meant(&three, "enn").unwrap(), [true; 3]);
        let some = Strategy::Classes(vec!["c2".into(), "c0".into()]);
        assert_eq!(added(some.clone()), [20, 0, 10]);
        assert_eq!(kept(some.clone()), [Some(10), None, Some(10)]);
        assert_eq!(some.meant(&three, "tomek").unwrap(), [true, false, true]);
    }

    #[test]
    fn strategies_that_cannot_be_followed_are_refused() {
        let (two, three) = (classes(&[10, 30]), classes(&[10, 30, 20]));
        assert_eq!(Strategy::Ratio(0.5).added(&two, "smote").unwrap(), [5, 0]);
        assert_eq!(Strategy::Ratio(0.5).kept(&two, "random-under").unwrap(), [None, Some(20)]);
        assert!(Strategy::Ratio(0.2).added(&two, "smote").is_err());
        assert!(Strategy::Ratio(0.2).kept(&two, "random-under").is_err());
        assert!(Strategy::Ratio(0.5).added(&three, "smote").is_err());
        assert!(Strategy::Majority.added(&three, "smote").is_err());
        assert!(Strategy::Minority.kept(&three, "random-under").is_err());
        assert!(Strategy::Counts(vec![("c1".into(), 5)]).added(&three, "smote").is_err());
        assert!(Strategy::Counts(vec![("c1".into(), 500)]).kept(&three, "random-under").is_err());
        assert!(Strategy::Counts(vec![("c9".into(), 500)]).added(&three, "smote").is_err());
        assert!(Strategy::Ratio(0.5).meant(&two, "tomek").is_err());
        assert!(Strategy::Classes(vec!["c9".into()]).meant(&two, "tomek").is_err());
    }

    #[test]
    fn counts_are_read_with_commas_in_names() {
        let read = |text| Strategy::parse(text);
        let counts = vec![("yes,male".to_owned(), 5), ("no".to_owned(), 7)];
        assert_eq!(read("yes,male=5,no=7"), Some(Strategy::Counts(counts)));
        assert_eq!((read("yes=5,no"), read("1.5"), read("0"), read("")), (None, None, None, None));
    }
}
