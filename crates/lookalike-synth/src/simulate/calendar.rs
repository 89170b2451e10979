//! Dates and times: which days, how often each, and which times of the day.

use lookalike_table::schema::{DatetimeFormat, Offset};
use lookalike_table::spelling::{civil_from_days, is_datetime_pattern, parse_datetime, weekday};

use super::source::{At, Section};
use super::weights::Cumulative;

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const DAY: i64 = 86_400 * SECOND;
/// About three hundred years.
const MOST_DAYS: i64 = 110_000;

/// Days with their weights, and the times of a day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Calendar {
    /// Day numbers since 1970-01-01.
    days: Vec<i64>,
    day_weights: Cumulative,
    /// Beginnings of the steps of a day that are drawn, in microseconds, with their weights.
    times: Vec<i64>,
    time_weights: Cumulative,
    /// Width of what a time stands for, and the grid within.
    width: i64,
    step: i64,
    /// The part of (0, 1) that lies between the time at which it begins and the one at which it ends.
    within: (f64, f64),
}

impl Calendar {
    /// The instant at a place in (0, 1) of the calendar.
    pub(super) fn at(&self, unit: f64) -> i64 {
        let (from, to) = self.within;
        self.at_whole(from + (to - from) * unit)
    }

    /// The instant at a place of all whole days.
    fn at_whole(&self, unit: f64) -> i64 {
        let (day, rest) = self.day_weights.split(unit);
        let (time, rest) = self.time_weights.split(rest);
        let steps = self.width / self.step;
        let within = ((rest * steps as f64) as i64).min(steps - 1);
        self.days[day] * DAY + self.times[time] + within * self.step
    }

    /// Leaves out what lies before `from` and after `to`; `None` when nothing is left.
    fn cut(mut self, from: i64, to: i64) -> Option<Calendar> {
        // Instants never fall along (0, 1), so the borders are found by halving.
        let border = |before: &dyn Fn(i64) -> bool| {
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if before(self.at_whole(middle)) { low = middle } else { high = middle }
            }
            (low, high)
        };
        let first = if from % DAY == 0 { 0.0 } else { border(&|at| at < from).1 };
        // A day that is given as such is in it as a whole.
        let last = if to % DAY == 0 { 1.0 } else { border(&|at| at <= to).0 };
        self.within = (first, last);
        (last > first).then_some(self)
    }

    /// Reads a column of dates.
    pub(super) fn read(section: &Section<'_>) -> Option<(Calendar, DatetimeFormat)> {
        let from = date(section, "from");
        let to = date(section, "to");
        let step = match section.text("step") {
            Some(text) => span(section, &text)?,
            None => DAY,
        };
        let format = format(section, step);
        let days_of_week = section.texts("weekdays").map(|list| weekdays(section, &list));
        let business = section.flag("business-days").unwrap_or(false);
        let day_shares = section.numbers("weekday-weights");
        let months = section.numbers("month-weights");
        let holidays = section.texts("holidays");
        let hours = section.text("hours");
        let hour_weights = section.numbers("hour-weights");
        let (from, to) = (from?, to?);
        let (first, last) = (from.value.div_euclid(DAY), to.value.div_euclid(DAY));
        let problems = section.problems;
        if last < first {
            problems.add(to.line, format!("`to` of {} lies before `from`; exchange them", section.what));
            return None;
        }
        if last - first > MOST_DAYS {
            problems.add(
                to.line,
                format!("{} spans more than {MOST_DAYS} days; take a shorter range", section.what),
            );
            return None;
        }
        let listed = |list: Option<At<Vec<f64>>>, count: usize, key: &str| match list {
            Some(list) if list.value.len() != count || list.value.iter().any(|w| *w < 0.0) => {
                let message =
                    format!("`{key}` of {} has to be {count} numbers that are not below 0", section.what);
                problems.add(list.line, message);
                None
            }
            list => list.map(|list| list.value),
        };
        let day_shares = listed(day_shares, 7, "weekday-weights");
        let months = listed(months, 12, "month-weights");
        let hour_weights_line = hour_weights.as_ref().map(|list| list.line);
        let hour_weights = listed(hour_weights, 24, "hour-weights");
        let mut closed = Vec::new();
        for holiday in holidays.iter().flat_map(|list| &list.value) {
            if let Some(instant) = parse_datetime(holiday, &iso()) {
                closed.push(instant.div_euclid(DAY));
            } else {
                let line = holidays.as_ref().map_or(section.line, |list| list.line);
                problems.add(line, "`holidays` has to be a list of dates such as \"2024-12-25\"");
                return None;
            }
        }
        closed.sort_unstable();
        let weight = |day: i64| {
            let weekday = weekday(day);
            let (_, month, _) = civil_from_days(day);
            let open = days_of_week.as_ref().is_none_or(|days| days.contains(&weekday))
                && !(business && weekday >= 5)
                && closed.binary_search(&day).is_err();
            if open {
                day_shares.as_ref().map_or(1.0, |weights| weights[weekday])
                    * months.as_ref().map_or(1.0, |weights| weights[usize::from(month) - 1])
            } else {
                0.0
            }
        };
        let (days, weights): (Vec<i64>, Vec<f64>) =
            (first..=last).map(|day| (day, weight(day))).filter(|(_, weight)| *weight > 0.0).unzip();
        let Some(day_weights) = Cumulative::new(&weights) else {
            problems.add(
                section.line,
                format!(
                    "{} has no day left between `from` and `to`; widen the range, or allow more days",
                    section.what
                ),
            );
            return None;
        };
        if step >= DAY {
            if let Some(line) = hour_weights_line {
                let message = format!(
                    "{} has `hour-weights` but whole days; say step = \"minute\" or so",
                    section.what
                );
                problems.add(line, message);
            }
            if let Some(hours) = hours {
                let message =
                    format!("{} has `hours` but whole days; say step = \"minute\" or so", section.what);
                problems.add(hours.line, message);
            }
            let days = if step > DAY {
                // Every n-th day from the first one on.
                let every = step / DAY;
                return every_nth(section, &days, &weights, first, every).map(|calendar| (calendar, format));
            } else {
                days
            };
            let times = Cumulative::new(&[1.0]).expect("one weight");
            let calendar = Calendar {
                days,
                day_weights,
                times: vec![0],
                time_weights: times,
                width: DAY,
                step: DAY,
                within: (0.0, 1.0),
            };
            return Some((calendar, format));
        }
        let (opens, closes) = match &hours {
            Some(text) => opening(section, text)?,
            None => (0, DAY),
        };
        if let Some(line) = hour_weights_line
            && step > 3600 * SECOND
        {
            problems.add(line, "`hour-weights` needs a step of an hour or less");
            return None;
        }
        let hour = 3600 * SECOND;
        if hour_weights.is_some() && (opens % hour != 0 || closes % hour != 0) {
            let message =
                format!("`hours` of {} have to be whole hours where there are `hour-weights`", section.what);
            problems.add(hours.map_or(section.line, |hours| hours.line), message);
            return None;
        }
        let width = if hour_weights.is_some() { 3600 * SECOND } else { closes - opens };
        if width % step != 0 {
            let message =
                format!("the step of {} does not divide the opening hours into whole steps", section.what);
            problems.add(hours.map_or(section.line, |hours| hours.line), message);
            return None;
        }
        let (times, weights): (Vec<i64>, Vec<f64>) = match &hour_weights {
            None => (vec![opens], vec![1.0]),
            Some(weights) => (0..24)
                .map(|hour| (hour * 3600 * SECOND, weights[hour as usize]))
                .filter(|(time, weight)| *weight > 0.0 && *time >= opens && time + width <= closes)
                .unzip(),
        };
        let Some(time_weights) = Cumulative::new(&weights) else {
            problems.add(
                section.line,
                format!("{} has no hour left; widen `hours` or `hour-weights`", section.what),
            );
            return None;
        };
        let calendar = Calendar { days, day_weights, times, time_weights, width, step, within: (0.0, 1.0) };
        let Some(calendar) = calendar.cut(from.value, to.value) else {
            problems.add(
                to.line,
                format!("{} has no time left between `from` and `to`; widen the range", section.what),
            );
            return None;
        };
        Some((calendar, format))
    }
}

fn every_nth(
    section: &Section<'_>,
    days: &[i64],
    weights: &[f64],
    first: i64,
    every: i64,
) -> Option<Calendar> {
    let (days, weights): (Vec<i64>, Vec<f64>) =
        days.iter().zip(weights).filter(|(day, _)| (*day - first) % every == 0).unzip();
    let Some(day_weights) = Cumulative::new(&weights) else {
        section.problems.add(section.line, format!("{} has no day left; widen the range", section.what));
        return None;
    };
    let time_weights = Cumulative::new(&[1.0]).expect("one weight");
    Some(Calendar {
        days,
        day_weights,
        times: vec![0],
        time_weights,
        width: DAY,
        step: DAY,
        within: (0.0, 1.0),
    })
}

/// The instant that an ISO date names, in microseconds since 1970-01-01.
pub(super) fn instant(text: &str) -> Option<f64> {
    parse_datetime(text, &iso()).map(|instant| instant as f64)
}

fn iso() -> DatetimeFormat {
    DatetimeFormat { pattern: "%Y-%m-%d".to_owned(), step: DAY, offset: Offset::Unknown }
}

/// A date that has to be there.
pub(super) fn date(section: &Section<'_>, key: &'static str) -> Option<At<i64>> {
    let Some(text) = section.text(key) else {
        if !section.has(key) {
            section
                .problems
                .add(section.line, format!("{} needs `{key}`, such as {key} = \"2024-01-31\"", section.what));
        }
        return None;
    };
    let instant = parse_datetime(&text.value, &iso());
    if instant.is_none() {
        let message = format!(
            "`{key}` of {} has to be a date such as \"2024-01-31\" or \"2024-01-31 08:00\"",
            section.what
        );
        section.problems.add(text.line, message);
    }
    instant.map(|value| At { value, line: text.line })
}

/// A span of time such as `day`, `15 minutes` or `1 week`, in microseconds.
pub(super) fn span(section: &Section<'_>, text: &At<String>) -> Option<i64> {
    let mut words = text.value.split_whitespace();
    let (count, unit) = match (words.next(), words.next(), words.next()) {
        (Some(unit), None, None) => (Some(1_i64), unit),
        (Some(count), Some(unit), None) => {
            (count.parse().ok().filter(|count| (1..=100_000).contains(count)), unit)
        }
        _ => (None, ""),
    };
    let unit = match unit.strip_suffix('s').unwrap_or(unit) {
        "millisecond" => Some(SECOND / 1000),
        "second" => Some(SECOND),
        "minute" => Some(60 * SECOND),
        "hour" => Some(3600 * SECOND),
        "day" => Some(DAY),
        "week" => Some(7 * DAY),
        _ => None,
    };
    let span = count.zip(unit).map(|(count, unit)| count * unit);
    // A step within a day divides it, so that days begin with one.
    let fits = span.filter(|span| (*span < DAY && DAY % span == 0) || span % DAY == 0);
    if fits.is_none() {
        section.problems.add(
            text.line,
            "a step has to be a number of seconds, minutes, hours, days or weeks that divides a day or is whole days, \
             such as \"15 minutes\" or \"day\"",
        );
    }
    fits
}

/// The format of dates: what is asked for, or an ISO one that shows the step.
pub(super) fn format(section: &Section<'_>, step: i64) -> DatetimeFormat {
    let pattern = section.text("format").map(|text| {
        if !is_datetime_pattern(&text.value) {
            section.problems.add(
                text.line,
                "`format` has to be a pattern of strftime directives with year, month and day, such as \"%Y-%m-%d %H:%M\"",
            );
        }
        text.value
    });
    let usual = if step % DAY == 0 {
        "%Y-%m-%d"
    } else if step % SECOND == 0 {
        "%Y-%m-%d %H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S.%3f"
    };
    DatetimeFormat {
        pattern: pattern.unwrap_or_else(|| usual.to_owned()),
        step: step.min(DAY),
        offset: section.text("offset").map_or(Offset::Unknown, |text| offset(section, &text)),
    }
}

/// `+02:00`: the offset from UTC that dates are written with, which themselves are UTC.
fn offset(section: &Section<'_>, text: &At<String>) -> Offset {
    let minutes = || {
        let (sign, rest) = match text.value.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
        ((0..=15).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
    };
    if let Some(minutes) = minutes() {
        return Offset::Fixed(minutes);
    }
    let message = format!("`offset` of {} has to be one from UTC, such as \"+02:00\"", section.what);
    section.problems.add(text.line, message);
    Offset::Unknown
}

fn weekdays(section: &Section<'_>, list: &At<Vec<String>>) -> Vec<usize> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut days = Vec::new();
    for name in &list.value {
        let short: String = name.to_lowercase().chars().take(3).collect();
        match NAMES.iter().position(|known| *known == short) {
            Some(day) => days.push(day),
            None => section
                .problems
                .add(list.line, format!("{name:?} is no day of the week; write \"mon\" to \"sun\"")),
        }
    }
    days
}

/// `08:00-18:00` in microseconds of the day.
fn opening(section: &Section<'_>, text: &At<String>) -> Option<(i64, i64)> {
    let clock = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        let fits = (0..=24).contains(&hour) && (0..60).contains(&minute) && hour * 60 + minute <= 24 * 60;
        fits.then_some((hour * 60 + minute) * 60 * SECOND)
    };
    let found = text.value.split_once('-').and_then(|(from, to)| Some((clock(from)?, clock(to)?)));
    let found = found.filter(|(from, to)| from < to);
    if found.is_none() {
        let message = "`hours` has to be two times of the day, such as \"08:00-18:00\"";
        section.problems.add(text.line, message);
    }
    found
}
