//! Columns that go together: normal variables with given correlations behind them (a Gaussian copula).
//!
//! # References
//! Nelsen, R. B. (2006). *An Introduction to Copulas*. <https://doi.org/10.1007/0-387-28678-0>
//! Kruskal, W. H. (1958). Ordinal measures of association. *Journal of the American Statistical Association* 53,
//! 814–861. <https://doi.org/10.1080/01621459.1958.10501481> (a rank correlation rho is one of 2 sin(pi rho / 6) between
//! the normals)

use lookalike_core::{Stream, math, normal_cdf};
use lookalike_learn::gaussian::cholesky_with_floor;

use super::source::{At, Section};

/// Columns that are drawn together, and the Cholesky factor of their normals' correlations.
#[derive(Debug, Clone)]
pub(super) struct Copula {
    pub(super) columns: Vec<usize>,
    /// Rows of the lower triangle.
    factor: Vec<f64>,
}

impl Copula {
    /// Places in (0, 1) for `n_rows` rows, one list per column.
    pub(super) fn units(&self, stream: &mut Stream, n_rows: usize) -> Vec<Vec<f64>> {
        let size = self.columns.len();
        let mut units = vec![Vec::with_capacity(n_rows); size];
        let mut normals = vec![0.0; size];
        for _ in 0..n_rows {
            for normal in &mut normals {
                *normal = stream.normal();
            }
            let mut at = 0;
            for column in 0..size {
                let row = &self.factor[at..=at + column];
                at += column + 1;
                let sum: f64 = row.iter().zip(&normals).map(|(factor, normal)| factor * normal).sum();
                // Far tails round to 0 and 1, which quantile functions must not see.
                units[column].push(normal_cdf(sum).clamp(1e-300, 1.0 - f64::EPSILON / 2.0));
            }
        }
        units
    }
}

/// Reads `[[correlations]]`. `index` finds a column that can be correlated, or says why it cannot.
pub(super) fn read(
    sections: &[Section<'_>],
    index: impl Fn(&str) -> Result<usize, String>,
) -> Option<Copula> {
    let mut columns: Vec<usize> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for section in sections {
        let rank = section.flag("normal").is_none_or(|normal| !normal);
        let listed = section.texts("columns");
        let pair = section.number("correlation");
        let matrix = section.matrix("matrix");
        section.close();
        let problems = section.problems;
        let Some(listed) = listed else {
            problems
                .add(section.line, "a correlation needs `columns`, such as columns = [\"age\", \"income\"]");
            continue;
        };
        let mut slots = Vec::new();
        for name in &listed.value {
            match index(name) {
                Ok(column) => {
                    let slot = columns.iter().position(|other| *other == column).unwrap_or_else(|| {
                        columns.push(column);
                        names.push(name.clone());
                        columns.len() - 1
                    });
                    if slots.contains(&slot) {
                        problems.add(listed.line, format!("column {name:?} is listed twice"));
                    }
                    slots.push(slot);
                }
                Err(problem) => problems.add(listed.line, problem),
            }
        }
        if slots.len() != listed.value.len() {
            continue;
        }
        let mut add = |a: usize, b: usize, value: f64, line: usize| {
            if value.abs() > 1.0 {
                problems.add(line, "a correlation lies between -1 and 1");
            }
            let (a, b) = (a.min(b), a.max(b));
            // Of normals, from one of ranks.
            let value = if rank { 2.0 * math::sin(std::f64::consts::PI * value / 6.0) } else { value };
            let known = pairs.iter().find(|pair| (pair.0, pair.1) == (a, b));
            if known.is_some_and(|known| (known.2 - value).abs() > 1e-9) {
                let message = format!(
                    "the correlation of {:?} and {:?} is given twice, differently",
                    names[a], names[b]
                );
                problems.add(line, message);
            }
            if known.is_none() {
                pairs.push((a, b, value));
            }
        };
        match (pair, matrix) {
            (Some(At { value, line }), None) if slots.len() == 2 => add(slots[0], slots[1], value, line),
            (None, Some(At { value, line })) => {
                let size = slots.len();
                let square = value.len() == size && value.iter().all(|row| row.len() == size);
                let fits = square
                    && (0..size).all(|a| value[a][a] == 1.0 && (0..a).all(|b| value[a][b] == value[b][a]));
                if !fits {
                    let message = format!(
                        "`matrix` has to be {size} lists of {size} numbers, symmetric, with 1 in the diagonal"
                    );
                    problems.add(line, message);
                    continue;
                }
                for a in 0..size {
                    for b in 0..a {
                        add(slots[a], slots[b], value[a][b], line);
                    }
                }
            }
            _ => problems.add(
                section.line,
                "a correlation needs two columns and a `correlation`, or several columns and a `matrix`",
            ),
        }
    }
    let (first, size) = (sections.first()?, columns.len());
    if !first.problems.is_empty() {
        return None;
    }
    let mut matrix = vec![0.0; size * size];
    for &(a, b, value) in &pairs {
        matrix[a * size + b] = value;
        matrix[b * size + a] = value;
    }
    let factor_of = |scale: f64| {
        cholesky_with_floor(size, 1e-12, |a, b| if a == b { 1.0 } else { scale * matrix[a * size + b] })
    };
    let factor = factor_of(1.0);
    if factor.is_none() {
        // The largest scale that leaves a matrix of correlations.
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if factor_of(middle).is_some() { low = middle } else { high = middle }
        }
        first.problems.add(
            first.line,
            format!(
                "the correlations of {} cannot hold together (their matrix is not positive definite); bring them nearer \
                 to 0: all multiplied by {:.2} they can",
                names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "),
                (low * 100.0 - 0.5).floor() / 100.0
            ),
        );
    }
    Some(Copula { columns, factor: factor? })
}
