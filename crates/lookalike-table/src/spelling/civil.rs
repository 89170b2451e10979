//! Days and dates of the proleptic Gregorian calendar, by whole-number arithmetic.

use std::fmt::Write as _;

/// Microseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// How many days lie between 1970-01-01 and this date. Years are counted from March, so that the leap day comes
/// last and months have a regular pattern of lengths.
pub(crate) fn days_from_civil(year: i32, month: u8, day: u8) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date that lies `days` days after 1970-01-01: year, month, day.
pub fn civil_from_days(days: i64) -> (i32, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u8, day as u8)
}

/// How many days a month has.
pub(crate) fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// True for years with a 29 February.
pub(crate) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The day of the week of a day number: 0 for Monday.
pub fn weekday(days: i64) -> usize {
    (days + 3).rem_euclid(7) as usize
}

/// A wall-clock time as an ISO text with a blank, as short as it can be: `2024-01-31`, `2024-01-31 08:00:00`.
pub fn civil_text(wall: i64) -> String {
    let (year, month, day) = civil_from_days(wall.div_euclid(DAY));
    let time = wall.rem_euclid(DAY);
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if time != 0 {
        let (hour, minute, second) = (time / HOUR, time % HOUR / MINUTE, time % MINUTE / SECOND);
        let _ = write!(text, " {hour:02}:{minute:02}:{second:02}");
    }
    if time % SECOND != 0 {
        let _ = write!(text, ".{:06}", time % SECOND);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(days_from_civil(2000, 3, 1), 11_017);
        assert_eq!(days_from_civil(1, 1, 1), -719_162);
        assert_eq!(days_from_civil(9999, 12, 31), 2_932_896);
        assert_eq!(weekday(0), 3);
        assert_eq!(weekday(days_from_civil(2024, 2, 26)), 0);
    }

    #[test]
    fn every_day_of_ten_millennia_comes_back() {
        let mut expected = (1, 1, 1);
        for days in days_from_civil(1, 1, 1)..=days_from_civil(9999, 12, 31) {
            let date = civil_from_days(days);
            assert_eq!(date, expected);
            assert_eq!(days_from_civil(date.0, date.1, date.2), days);
            let (year, month, day) = date;
            expected = if day < days_in_month(year, month) {
                (year, month, day + 1)
            } else if month < 12 {
                (year, month + 1, 1)
            } else {
                (year + 1, 1, 1)
            };
        }
    }
}
