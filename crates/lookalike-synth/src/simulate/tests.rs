use lookalike_core::{Context, Seed, math, normal_quantile};
use lookalike_table::Table;

use super::distribution::Family;
use super::*;

pub(super) fn parsed(text: &str) -> Simulation {
    Simulation::parse(text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The last table of a file, which is the only one where there is one.
pub(super) fn table(text: &str, rows: u64, seed: u64) -> Table {
    let simulation = parsed(text);
    let last = simulation.tables().last().unwrap().0;
    simulation.sample(last, rows, &Context::new(Seed::new(seed))).collect_table().unwrap()
}

pub(super) fn numbers(table: &Table, name: &str) -> Vec<f64> {
    let index = table.schema().index_of(name).unwrap();
    table.column(index).numbers().unwrap().values
}

pub(super) fn texts(table: &Table, name: &str) -> Vec<Option<String>> {
    let index = table.schema().index_of(name).unwrap();
    lookalike_table::spelling::spell(&table.schema().columns[index], table.column(index))
}

pub(super) fn problems(text: &str) -> Vec<String> {
    Simulation::parse(text).expect_err("something is wrong").iter().map(ToString::to_string).collect()
}

/// Everything in one file.
const ALL: &str = r#"
rows = 10
[group]
rows = { type = "poisson", mean = 4, min = 1 }
[columns.device]
type = "pattern"
pattern = "D-[0-9]{5}"
unique = true
per = "group"
[columns.site]
type = "category"
values = ["north", "south"]
shares = [0.7, 0.3]
per = "group"
[columns.installed]
type = "date"
from = "2023-01-01"
to = "2023-12-31"
per = "group"
[columns.at]
type = "sequence"
start = "installed + hours(8)"
step = "15 minutes"
[columns.state]
type = "markov"
values = ["calm", "storm"]
stay = [0.98, 0.9]
[columns.noise]
type = "normal"
sd = 0.5
hidden = true
[columns.base]
type = "autoregressive"
mean = 20
persistence = 0.9
sd = 1
hidden = true
[columns.temperature]
type = "computed"
expression = "base + noise + if(site = 'south', 4, 0) + 3 * sin(6.2832 * hour(at) / 24)"
decimals = 1
missing = "if(state = 'storm', 0.3, 0.01)"
[columns.alarm]
type = "boolean"
share = "clamp(0.01 + 0.05 * (temperature - 24), 0, 1)"
texts = ["yes", "no"]
"#;

#[test]
fn a_shorter_sample_is_a_prefix_of_a_longer_one() {
    let long = table(ALL, 80_000, 5);
    assert_eq!(long.n_rows(), 80_000);
    for rows in [0, 1, 2047, 2049, 70_000] {
        let short = table(ALL, rows, 5);
        assert_eq!(short.n_rows() as u64, rows);
        for (name, index) in short.schema().columns.iter().zip(0..) {
            let schema = &short.schema().columns[index];
            let expected =
                lookalike_table::spelling::spell(schema, &long.column(index).slice(0, rows as usize));
            assert_eq!(
                lookalike_table::spelling::spell(schema, short.column(index)),
                expected,
                "{}",
                name.name
            );
        }
    }
    assert_ne!(texts(&table(ALL, 100, 6), "temperature"), texts(&table(ALL, 100, 5), "temperature"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let (a, b) = (one.install(|| table(ALL, 9000, 1)), three.install(|| table(ALL, 9000, 1)));
    for column in ["device", "at", "temperature", "alarm"] {
        assert_eq!(texts(&a, column), texts(&b, column), "{column}");
    }
}

#[test]
fn groups_keep_what_is_theirs() {
    let table = table(ALL, 40_000, 2);
    let (device, site, at) = (texts(&table, "device"), texts(&table, "site"), texts(&table, "at"));
    let mut groups = 1;
    for row in 1..table.n_rows() {
        if device[row] == device[row - 1] {
            assert_eq!(site[row], site[row - 1]);
            assert!(at[row] > at[row - 1]);
        } else {
            groups += 1;
        }
    }
    let distinct: std::collections::BTreeSet<_> = device.iter().collect();
    assert_eq!(distinct.len(), groups);
    // The mean of a Poisson variable of mean 4 that is not 0 is 4 / (1 - exp(-4)).
    let mean = table.n_rows() as f64 / groups as f64;
    assert!((mean - 4.0 / (1.0 - math::exp(-4.0))).abs() < 0.1, "{mean}");
}

/// The share of 100 seeds with which a test of level 0.05 rejects must not be beyond what chance makes of 5 in 100: 12 or
/// more happen to a right distribution once in 230 times, so two families in a hundred thousand would fail here by chance
/// if seeds were drawn anew; they are fixed.
const MOST_REJECTED: usize = 11;

/// Kolmogorov's limit distribution, P(sqrt(n) D > 1.358) = 0.05.
fn kolmogorov_rejects(mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) -> bool {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let distance = values
        .iter()
        .enumerate()
        .map(|(index, &value)| {
            let share = cdf(value);
            (share - index as f64 / n).abs().max(((index + 1) as f64 / n - share).abs())
        })
        .fold(0.0, f64::max);
    distance * n.sqrt() > 1.358
}

/// Pearson's test against expected shares, by the Wilson–Hilferty approximation of the chi-squared quantile.
fn chi_squared_rejects(counts: &[usize], shares: &[f64]) -> bool {
    let n: usize = counts.iter().sum();
    let statistic: f64 = counts
        .iter()
        .zip(shares)
        .map(|(&count, share)| {
            let expected = n as f64 * share;
            (count as f64 - expected) * (count as f64 - expected) / expected
        })
        .sum();
    let freedom = shares.len() as f64 - 1.0;
    let ninth = 2.0 / (9.0 * freedom);
    let root = 1.0 - ninth + normal_quantile(0.95) * ninth.sqrt();
    statistic > freedom * root * root * root
}

/// A section, its family with parameters, and the part of the distribution that is kept.
type Case<'a> = (&'a str, Family, &'a [f64], Option<(f64, f64)>);

#[test]
fn continuous_distributions_fit_at_the_nominal_rate() {
    // Parameters, bounds, and the part of the distribution between them.
    let cases: [Case<'_>; 12] = [
        ("type = 'normal'\nmean = 10\nsd = 3", Family::Normal, &[10.0, 3.0], None),
        (
            "type = 'normal'\nmean = 10\nsd = 3\nmin = 9\nmax = 15",
            Family::Normal,
            &[10.0, 3.0],
            Some((9.0, 15.0)),
        ),
        ("type = 'log-normal'\nmedian = 5\nsigma = 0.8", Family::LogNormal, &[5.0, 0.8], None),
        ("type = 'uniform'\nlow = -2\nhigh = 7", Family::Uniform, &[-2.0, 7.0], None),
        ("type = 'exponential'\nmean = 4", Family::Exponential, &[4.0], None),
        ("type = 'exponential'\nmean = 4\nmin = 1", Family::Exponential, &[4.0], Some((1.0, f64::INFINITY))),
        ("type = 'gamma'\nshape = 0.5\nscale = 2", Family::Gamma, &[0.5, 2.0], None),
        ("type = 'gamma'\nshape = 9\nscale = 2", Family::Gamma, &[9.0, 2.0], None),
        ("type = 'beta'\nalpha = 2\nbeta = 5", Family::Beta, &[2.0, 5.0], None),
        ("type = 'weibull'\nshape = 1.5\nscale = 3", Family::Weibull, &[1.5, 3.0], None),
        ("type = 'pareto'\nlow = 2\nshape = 3", Family::Pareto, &[2.0, 3.0], None),
        ("type = 'student-t'\nfreedom = 4\nmean = 1\nscale = 2", Family::StudentT, &[4.0, 1.0, 2.0], None),
    ];
    for (text, family, parameters, bounds) in cases {
        let simulation = parsed(&format!("[columns.x]\n{text}"));
        let (low, high) = bounds
            .map_or((0.0, 1.0), |(low, high)| (family.cdf(parameters, low), family.cdf(parameters, high)));
        let rejected = (0..100)
            .filter(|&seed| {
                let context = Context::new(Seed::new(seed));
                let table = simulation.sample(0, 1000, &context).collect_table().unwrap();
                kolmogorov_rejects(numbers(&table, "x"), |x| (family.cdf(parameters, x) - low) / (high - low))
            })
            .count();
        assert!(rejected <= MOST_REJECTED, "{text}: {rejected} of 100");
    }
}

#[test]
fn discrete_distributions_fit_at_the_nominal_rate() {
    // What is drawn, and the shares of cells (the last one holds all that is beyond).
    let poisson = |mean: f64, k: f64| math::exp(k * math::ln(mean) - mean - math::ln_gamma(k + 1.0));
    let binomial = |n: f64, p: f64, k: f64| {
        let ways = math::ln_gamma(n + 1.0) - math::ln_gamma(k + 1.0) - math::ln_gamma(n - k + 1.0);
        math::exp(ways + k * math::ln(p) + (n - k) * math::ln_1p(-p))
    };
    let negative = |mean: f64, r: f64, k: f64| {
        let ways = math::ln_gamma(k + r) - math::ln_gamma(k + 1.0) - math::ln_gamma(r);
        math::exp(ways + r * math::ln(r / (r + mean)) + k * math::ln(mean / (r + mean)))
    };
    let zipf: f64 = (1..=6).map(|k| 1.0 / f64::from(k)).sum();
    let cases: Vec<(&str, f64, Vec<f64>)> = vec![
        ("type = 'poisson'\nmean = 2", 0.0, (0..6).map(|k| poisson(2.0, f64::from(k))).collect()),
        (
            "type = 'binomial'\ntrials = 8\nshare = 0.4",
            0.0,
            (0..8).map(|k| binomial(8.0, 0.4, f64::from(k))).collect(),
        ),
        ("type = 'geometric'\nshare = 0.3", 1.0, (1..9).map(|k| 0.3 * 0.7_f64.powi(k - 1)).collect()),
        (
            "type = 'negative-binomial'\nmean = 3\ndispersion = 2",
            0.0,
            (0..9).map(|k| negative(3.0, 2.0, f64::from(k))).collect(),
        ),
        ("type = 'zipf'\ncount = 6\nexponent = 1", 1.0, (1..6).map(|k| 1.0 / f64::from(k) / zipf).collect()),
        ("type = 'uniform-integer'\nlow = 1\nhigh = 6", 1.0, vec![1.0 / 6.0; 5]),
        ("type = 'values'\nvalues = [0, 1, 2]\nweights = [5, 3, 2]", 0.0, vec![0.5, 0.3]),
        ("type = 'category'\nvalues = ['0', '1', '2']\nshares = [0.5, 0.3, 0.2]", 0.0, vec![0.5, 0.3]),
        ("type = 'boolean'\nshare = 0.2\ntexts = ['1', '0']", 0.0, vec![0.8]),
    ];
    for (text, first, mut shares) in cases {
        shares.push(1.0 - shares.iter().sum::<f64>());
        let simulation = parsed(&format!("[columns.x]\n{text}"));
        let rejected = (0..100)
            .filter(|&seed| {
                let context = Context::new(Seed::new(seed));
                let table = simulation.sample(0, 1000, &context).collect_table().unwrap();
                let mut counts = vec![0; shares.len()];
                for text in texts(&table, "x") {
                    let cell = text.unwrap().parse::<f64>().unwrap() - first;
                    counts[(cell as usize).min(shares.len() - 1)] += 1;
                }
                chi_squared_rejects(&counts, &shares)
            })
            .count();
        assert!(rejected <= MOST_REJECTED, "{text}: {rejected} of 100");
    }
}

#[test]
fn mixtures_and_quantiles() {
    let text = "[columns.x]\ntype = 'mixture'\nshares = [0.25, 0.75]\ncomponents = [{ type = 'uniform', low = 0, high = 1 }, \
                { type = 'uniform', low = 10, high = 11 }]\n[columns.y]\ntype = 'quantiles'\nvalues = [0, 0, 5]\nat = [0, 0.4, 1]";
    let rejected = (0..100)
        .filter(|&seed| {
            let table = table(text, 1000, seed);
            let y = numbers(&table, "y");
            let zeros = y.iter().filter(|value| **value == 0.0).count();
            assert!((320..480).contains(&zeros), "{zeros}");
            kolmogorov_rejects(numbers(&table, "x"), |x| {
                if x < 5.0 { 0.25 * x.min(1.0) } else { 0.25 + 0.75 * (x - 10.0) }
            })
        })
        .count();
    assert!(rejected <= MOST_REJECTED, "{rejected} of 100");
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for (rank, row) in order.into_iter().enumerate() {
        ranks[row] = rank as f64;
    }
    ranks
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    product(a, mean_a, b, mean_b) / (product(a, mean_a, a, mean_a) * product(b, mean_b, b, mean_b)).sqrt()
}

#[test]
fn correlations_come_out_within_sampling_error() {
    let text = "[columns.a]\ntype = 'normal'\n[columns.b]\ntype = 'exponential'\nmean = 2\n[columns.c]\ntype = 'uniform'\n\
                [[correlations]]\ncolumns = ['a', 'b']\ncorrelation = 0.6\n[[correlations]]\ncolumns = ['b', 'c']\ncorrelation = -0.3";
    let n = 20_000;
    for seed in 0..5 {
        let table = table(text, n, seed);
        let column = |name: &str| ranks(&numbers(&table, name));
        // The standard error of a rank correlation is at most about 1 / sqrt(n).
        let error = 4.0 / (n as f64).sqrt();
        for (a, b, wanted) in [("a", "b", 0.6), ("b", "c", -0.3), ("a", "c", 0.0)] {
            let found = correlation(&column(a), &column(b));
            assert!((found - wanted).abs() < error, "{a} {b}: {found}");
        }
    }
}

#[test]
fn series_move_as_described() {
    let text = "[columns.ar]\ntype = 'autoregressive'\nmean = 5\npersistence = 0.8\nsd = 0.6\n\
                [columns.walk]\ntype = 'random-walk'\ndrift = 0.1\nsd = 1\n\
                [columns.price]\ntype = 'geometric-brownian'\nstart = 100\ndrift = 0.1\nvolatility = 0.2\nsteps = 252\n\
                [columns.jumpy]\ntype = 'geometric-brownian'\ndrift = 1.9\nvolatility = 0.1\nsteps = 252\njumps = 20\njump-mean = -0.1\njump-sd = 0.02\n\
                [columns.regime]\ntype = 'markov'\nvalues = ['a', 'b']\nstay = [0.9, 0.7]";
    let table = table(text, 100_000, 3);
    let ar = numbers(&table, "ar");
    let n = ar.len();
    assert!((correlation(&ar[1..], &ar[..n - 1]) - 0.8).abs() < 0.01);
    let mean = ar.iter().sum::<f64>() / n as f64;
    assert!((mean - 5.0).abs() < 0.05, "{mean}");
    let walk = numbers(&table, "walk");
    assert!(((walk[n - 1] - walk[0]) / n as f64 - 0.1).abs() < 0.015);
    let price = numbers(&table, "price");
    assert_eq!(price[0], 100.0);
    let growth: Vec<f64> = price.windows(2).map(|pair| math::ln(pair[1] / pair[0])).collect();
    let square = growth.iter().map(|g| g * g).sum::<f64>() / growth.len() as f64;
    assert!(((square * 252.0).sqrt() - 0.2).abs() < 0.003);
    let falls = numbers(&table, "jumpy").windows(2).filter(|pair| pair[1] / pair[0] < 0.96).count() as f64;
    assert!((falls / n as f64 * 252.0 - 20.0).abs() < 1.5, "{falls}");
    let regime = texts(&table, "regime");
    let a = regime.iter().filter(|text| text.as_deref() == Some("a")).count() as f64 / n as f64;
    assert!((a - 0.75).abs() < 0.02, "{a}");
}

#[test]
fn calendars_keep_to_their_days_and_hours() {
    let text = "[columns.at]\ntype = 'date'\nfrom = 2024-01-01\nto = 2024-12-31\nbusiness-days = true\nholidays = ['2024-12-25']\n\
                hours = '08:00-18:00'\nstep = '15 minutes'\nformat = '%Y-%m-%d %H:%M'\nmonth-weights = [1,1,1,1,1,1,0,1,1,1,1,1]\n\
                [columns.w]\ntype = 'computed'\nexpression = 'weekday(at)'\n[columns.h]\ntype = 'computed'\nexpression = 'hour(at)'\n\
                [columns.m]\ntype = 'computed'\nexpression = 'month(at)'";
    let table = table(text, 20_000, 1);
    assert!(numbers(&table, "w").iter().all(|day| *day <= 5.0));
    let hours = numbers(&table, "h");
    assert!(hours.iter().all(|hour| (8.0..18.0).contains(hour)) && hours.contains(&17.0));
    assert!(!numbers(&table, "m").contains(&7.0));
    let at = texts(&table, "at");
    assert!(at.iter().flatten().all(|text| !text.starts_with("2024-12-25") && text.len() == 16));
    assert!(at.iter().flatten().any(|text| text.ends_with(":45")));
}

#[test]
fn cells_go_missing_as_told() {
    let text = "[columns.age]\ntype = 'uniform-integer'\nlow = 0\nhigh = 99\nmissing = 0.1\n\
                [columns.income]\ntype = 'uniform'\nmissing = 'if(income > 0.8, 0.5, if(age < 50, 0.1, 0))'";
    let table = table(text, 50_000, 1);
    let count =
        |name: &str| table.column(table.schema().index_of(name).unwrap()).missing_count() as f64 / 50_000.0;
    assert!((count("age") - 0.1).abs() < 0.006);
    assert!((count("income") - (0.2 * 0.5 + 0.8 * 0.5 * 0.1)).abs() < 0.006);
    // What depends on the value itself biases what is left: (0.8 * 0.95 * 0.4 + 0.2 * 0.5 * 0.9) / (0.76 + 0.1).
    let left: Vec<f64> = numbers(&table, "income").into_iter().filter(|value| !value.is_nan()).collect();
    let mean = left.iter().sum::<f64>() / left.len() as f64;
    assert!((mean - 0.458).abs() < 0.01, "{mean}");
}

#[test]
fn children_belong_to_parents_that_exist() {
    let text = "[tables.customers.columns.id]\ntype = 'sequence'\n[tables.customers.columns.vip]\ntype = 'boolean'\nshare = 0.2\n\
                [tables.orders]\nparent = 'customers'\nchildren = { type = 'poisson', mean = 3 }\n\
                [tables.orders.columns.customer]\ntype = 'parent'\ncolumn = 'id'\n\
                [tables.orders.columns.amount]\ntype = 'log-normal'\nmedian = 'if(customers.vip, 200, 20)'\nsigma = 0.1\ndecimals = 2";
    let simulation = parsed(text);
    let names: Vec<&str> = simulation.tables().iter().map(|table| table.1).collect();
    assert_eq!(names, ["customers", "orders"]);
    let context = Context::new(Seed::new(4));
    let customers = simulation.sample(0, 5000, &context).collect_table().unwrap();
    let orders = simulation.sample(1, 5000, &context).collect_table().unwrap();
    assert!((orders.n_rows() as f64 / 5000.0 - 3.0).abs() < 0.1);
    let vip = customers.column(1).integers().unwrap().values;
    for (customer, amount) in numbers(&orders, "customer").into_iter().zip(numbers(&orders, "amount")) {
        assert!((1.0..=5000.0).contains(&customer));
        assert_eq!(amount > 70.0, vip[customer as usize - 1] == 1, "{customer}");
    }
}

#[test]
fn golden_rows() {
    // A change here changes what every schema brings: it belongs in the changelog.
    let table = table(ALL, 3, 1);
    let shown: Vec<String> = table
        .schema()
        .columns
        .iter()
        .map(|column| {
            let cells: Vec<String> =
                texts(&table, &column.name).into_iter().map(Option::unwrap_or_default).collect();
            format!("{} {}", column.name, cells.join(" "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "device D-70197 D-70197 D-70197",
            "site north north north",
            "installed 2023-02-17 2023-02-17 2023-02-17",
            "at 2023-02-17 08:00:00 2023-02-17 08:15:00 2023-02-17 08:30:00",
            "state calm calm calm",
            "temperature 23.2 23.8 22.6",
            "alarm no no no",
        ]
    );
}

#[test]
fn mistakes_are_told_with_line_reason_and_cure() {
    for (text, told) in [
        (
            "[columns.x]\ntype = 'normal'\nmeen = 3",
            "line 3: unknown key `meen` in column \"x\"; did you mean `mean`?",
        ),
        (
            "rows = 3\n[colums.x]\ntype = 'normal'",
            "unknown key `colums` in the file; did you mean `columns`?",
        ),
        ("[columns.x]\ntype = 'normal'\nsd = -1", "line 3: `sd` of column \"x\" is -1 and has to be above 0"),
        (
            "[columns.x]\ntype = 'nromal'",
            "line 2: column \"x\" has an unknown type \"nromal\"; did you mean \"normal\"?",
        ),
        ("[columns.x]\ntype = 'gamma'", "line 1: column \"x\" needs `shape`, above 0"),
        (
            "[columns.x]\ntype = 'category'\nvalues = ['a', 'b']\nshares = [0.5, 0.45]",
            "line 4: the shares of column \"x\" sum to 0.95, not to 1; mend them, or call them `weights`, which need not sum to 1",
        ),
        ("[columns.x]\ntype = 'category'\nvalues = ['a', 'b']\nweights = [1]", "has 1 numbers for 2 values"),
        (
            "[columns.a]\ntype = 'computed'\nexpression = 'c + 1'\n[columns.b]\ntype = 'computed'\nexpression = 'a * 2'\n\
             [columns.c]\ntype = 'normal'\nmean = 'b'",
            "line 3: columns are computed in a circle: \"a\" from \"c\" from \"b\", and \"b\" from \"a\" again",
        ),
        (
            "[columns.a]\ntype = 'computed'\nexpression = 'a + 1'",
            "line 3: column \"a\" is computed from itself",
        ),
        (
            "[columns.a]\ntype = 'computed'\nexpression = 'b + 1'",
            "line 3: column \"a\": at character 1: there is no column \"b\"",
        ),
        (
            "[columns.a]\ntype = 'computed'\nexpression = '1 +'",
            "line 3: `expression` of column \"a\": at character 4: expected a value",
        ),
        (
            "[columns.a]\ntype = 'normal'\nmin = 5\nmax = 4",
            "line 4: `min` of column \"a\" is not below `max`",
        ),
        (
            "[columns.a]\ntype = 'normal'\nmin = 50",
            "line 3: `min` and `max` of column \"a\" leave nothing of the distribution",
        ),
        (
            "[columns.a]\ntype = 'normal'\nmissing = 1.5",
            "line 3: `missing` of column \"a\" is 1.5 and has to be a share from 0 to 1",
        ),
        (
            "[columns.a]\ntype = 'date'\nfrom = 2024-01-01\nto = 2023-01-01",
            "line 4: `to` of column \"a\" lies before `from`",
        ),
        (
            "[columns.a]\ntype = 'date'\nfrom = 2024-01-06\nto = 2024-01-07\nbusiness-days = true",
            "no day left",
        ),
        ("[columns.a]\ntype = 'pattern'\npattern = '[0-9'", "line 3: `pattern` of column \"a\""),
        (
            "[columns.a]\ntype = 'normal'\n[columns.b]\ntype = 'normal'\n[columns.c]\ntype = 'normal'\n[[correlations]]\n\
             columns = ['a', 'b', 'c']\nmatrix = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]",
            "line 7: the correlations of \"a\", \"b\", \"c\" cannot hold together (their matrix is not positive definite); bring \
             them nearer to 0: all multiplied by 0.",
        ),
        (
            "[columns.a]\ntype = 'sequence'\n[[correlations]]\ncolumns = ['a', 'b']\ncorrelation = 0.3",
            "cannot be correlated",
        ),
        ("[columns.a]\ntype = 'normal'\nper = 'group'", "a column per group needs [group]"),
        ("[columns.a]\ntype = 'computed'\nexpression = 'date(\"2024-01-01\") + 1'", "written out"),
        (
            "[columns.a]\ntype = 'category'\nvalues = ['a']\nwhen = [{ if = '1 + 1', shares = [1] }]",
            "`if` has to be a condition, not a number",
        ),
        (
            "[tables.a]\nparent = 'b'\nchildren = 2\n[tables.a.columns.x]\ntype = 'normal'",
            "line 2: the parent of table \"a\" is not a table",
        ),
        ("[columns.a]\ntype = 'normal'\ntype = 'beta'", "line 3: duplicate key"),
        ("", "there are no columns"),
    ] {
        let found = problems(text);
        assert!(found.iter().any(|problem| problem.contains(told)), "{text}\n{found:?}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let found = problems(
        "[columns.x]\ntype = 'normal'\nsd = -1\n[columns.y]\ntype = 'beta'\nalpha = 0\nbeta = 1\nfoo = 1",
    );
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn what_only_shows_when_rows_are_drawn() {
    let simulation = parsed("[columns.x]\ntype = 'pattern'\npattern = '[0-9]{3}'\nunique = true");
    assert!(simulation.check(1000).is_ok());
    let message = simulation.check(1001).unwrap_err().to_string();
    assert!(
        message
            .starts_with("line 1: the pattern of column \"x\" has 1000 different texts, fewer than the 1001"),
        "{message}"
    );
    let simulation = parsed("[columns.a]\ntype = 'normal'\n[columns.x]\ntype = 'normal'\nsd = 'a'");
    let message =
        simulation.sample(0, 100, &Context::new(Seed::new(1))).collect_table().unwrap_err().to_string();
    assert!(
        message.starts_with(
            "line 3: `sd` of column \"x\" is computed and has to be above 0 and below 1e12, which it is not in "
        ),
        "{message}"
    );
}

#[test]
fn parents_may_have_no_children() {
    let text = |children: &str| {
        format!(
            "[tables.p.columns.id]\ntype='sequence'\n[tables.c]\nparent='p'\nchildren={children}\n\
             [tables.c.columns.id]\ntype='parent'\ncolumn='id'\n[tables.c.columns.x]\ntype='normal'"
        )
    };
    for children in ["0", "{ type = 'poisson', mean = 1e-7 }"] {
        let none = table(&text(children), 3, 1);
        assert_eq!((none.n_rows(), none.n_columns()), (0, 2));
    }
    let some = table(&text("{ type = 'poisson', mean = 0.0001 }"), 400_000, 1);
    assert!((15..80).contains(&some.n_rows()), "{}", some.n_rows());
    let groups = parsed("[group]\nrows = 0\n[columns.x]\ntype='normal'");
    let error = groups.sample(1, 10, &Context::new(Seed::new(1))).collect_table().unwrap_err();
    assert!(matches!(error, SimulateError::NoRows), "{error}");
}

#[test]
fn nothing_is_left_out_without_a_word() {
    let beside = "[columns.b]\ntype='normal'\n[columns.a]\n";
    for (column, told) in [
        ("type='mixture'\ncomponents=[{mean=3},{type='normal'}]", "needs a `type`"),
        ("type='zipf'\ncount=1000\nexponent=-400", "gives no value a weight"),
        (
            "type='category'\nvalues=['x','y']\nwhen=[{if='1+1',shares=[1,0]},{if='1=1',shares=[0,1]}]",
            "`if` has to be a condition",
        ),
        ("type='geometric-brownian'\nvolatility='text(b)'\njumps='2'", "a parameter has to be a number"),
        (
            "type='uniform'\nlow=0\nhigh=20\nmin=18.4\nmax=18.6\ndecimals=0",
            "nothing that it can be rounded to",
        ),
        ("type='sequence'\nstart=1e300\nstep=1", "at most 15 digits"),
        ("type='sequence'\nstart='2024-01-01'", "needs a `step`"),
        (
            "type='date'\nfrom='2024-01-01'\nto='2024-01-02'\nhour-weights=[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
            "but whole days",
        ),
        ("type='normal'\nsd=2e12", "below 1e12"),
    ] {
        let found = problems(&format!("{beside}{column}"));
        assert!(found.iter().any(|problem| problem.contains(told)), "{column}: {found:?}");
    }
    for (tables, told) in [
        ("[tables.\"../evil\".columns.x]\ntype='normal'", "cannot be a file's name"),
        ("[tables.\"\".columns.x]\ntype='normal'", "cannot be a file's name"),
        (
            "[tables.a.columns.x]\ntype='normal'\n[tables.b]\nchildren=3\n[tables.b.columns.x]\ntype='normal'",
            "no `parent`",
        ),
        ("[group]\nrows={mean=12}\n[columns.x]\ntype='normal'", "needs a `type`"),
    ] {
        let found = problems(tables);
        assert!(found.iter().any(|problem| problem.contains(told)), "{tables}: {found:?}");
    }
}

#[test]
fn what_cannot_be_written_or_is_no_share_is_told_when_rows_are_drawn() {
    for (column, told) in [
        ("type='uniform'\nlow=1e19\nhigh=1e20\ndecimals=0", "too large to be written"),
        ("type='random-walk'\ndrift=1e308", "too large to be written"),
        ("type='log-normal'\nmedian=1\nsigma=5000", "too large to be written"),
        ("type='boolean'\nshare='7'", "a share from 0 to 1"),
        ("type='normal'\nmissing='0-5'", "a share from 0 to 1"),
        ("type='normal'\nmean='0'\nmin=8.25", "something lies between"),
    ] {
        let simulation = parsed(&format!("[columns.a]\n{column}"));
        let error = simulation.sample(0, 1000, &Context::new(Seed::new(1))).collect_table().unwrap_err();
        assert!(error.to_string().contains(told), "{column}: {error}");
    }
}

#[test]
fn bounds_hold_after_rounding() {
    for (column, low, high) in [
        ("type='normal'\nmean=10\nmin=9\nmax=16\ngrid=7", 14.0, 14.0),
        ("type='uniform'\nlow=0\nhigh=20\nmin=17.6\nmax=19.4\ndecimals=0", 18.0, 19.0),
    ] {
        let values = numbers(&table(&format!("[columns.x]\n{column}"), 2000, 1), "x");
        assert!(values.contains(&low) && values.contains(&high));
        assert!(values.iter().all(|x| (low..=high).contains(x)));
    }
    let tenths = texts(&table("[columns.x]\ntype='uniform'\ngrid=0.1", 2000, 1), "x");
    assert!(tenths.iter().flatten().all(|text| text.len() <= 3), "{:?}", &tenths[..9]);
    let hour = table(
        "[columns.t]\ntype='date'\nfrom='2024-01-01 12:00'\nto='2024-01-01 13:00'\nstep='minute'",
        5000,
        1,
    );
    let times = texts(&hour, "t");
    let times: Vec<&str> = times.iter().flatten().map(String::as_str).collect();
    assert!(times.iter().all(|t| ("2024-01-01 12:00:00"..="2024-01-01 13:00:00").contains(t)));
    assert!(times.contains(&"2024-01-01 12:00:00") && times.contains(&"2024-01-01 13:00:00"));
}

#[test]
fn values_that_are_not_sorted_are_correlated_like_others() {
    let text = "[columns.a]\ntype='values'\nvalues=[3,1,2]\nweights=[1,2,1]\n[columns.b]\ntype='normal'\n\
                [[correlations]]\ncolumns=['a','b']\ncorrelation=0.6";
    let table = table(text, 40_000, 1);
    let (a, b) = (numbers(&table, "a"), numbers(&table, "b"));
    assert!((a.iter().filter(|a| **a == 1.0).count() as f64 / 40_000.0 - 0.5).abs() < 0.01);
    assert!(correlation(&ranks(&a), &ranks(&b)) > 0.4);
}

#[test]
fn jumps_and_beginnings_of_series() {
    // Five jumps in a row are expected, of .001 each.
    let text = "[columns.x]\ntype='geometric-brownian'\nvolatility=0\njumps=5\njump-mean=0.001\njump-sd=0";
    let prices = numbers(&table(text, 20_000, 1), "x");
    let growth = math::ln(prices[19_999] / prices[0]) / 19_999.0;
    assert!((growth - 0.005).abs() < 0.0001, "{growth}");
    // A group whose first row has no parameter begins with the next one, not with what another group left.
    let text = "[group]\nrows=5\n[columns.u]\ntype='sequence'\n[columns.x]\ntype='geometric-brownian'\nstart=100\n\
                volatility='if(u < 2, -1, 0.01)'";
    let table = table(text, 50, 1);
    let (place, values) = (numbers(&table, "u"), numbers(&table, "x"));
    for row in 0..50 {
        assert_eq!(values[row].is_nan(), place[row] == 1.0);
        assert!(place[row] != 2.0 || values[row] == 100.0);
    }
}

#[test]
fn many_columns_are_read_in_no_time() {
    let chain: String = (0..5000)
        .map(|n| match n {
            0 => "[columns.c0]\ntype='normal'\n".to_owned(),
            _ => format!("[columns.c{n}]\ntype='computed'\nexpression='c{} + 1'\n", n - 1),
        })
        .collect();
    assert_eq!(table(&chain, 1, 1).n_columns(), 5000);
}
