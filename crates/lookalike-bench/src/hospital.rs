//! A table like a hospital's, in which eight constraints hold.

use std::fmt::Write as _;

use lookalike::Seed;
use lookalike_core::math::ln;

pub(crate) const CONSTRAINTS: [&str; 8] = [
    "admitted <= discharged",
    "0 <= age <= 110",
    "diastolic < systolic",
    "total = room + drugs + surgery_fee",
    "combinations(ward, building)",
    "if outcome = 'dead' then follow_up is missing",
    "all_or_none(insurer, tariff)",
    "one_hot(emergency, planned, transfer)",
];

/// The table as the text of a CSV file.
pub(crate) fn csv(rows: u64, seed: u64) -> String {
    let mut stream = Seed::new(seed).stream("hospital", 0);
    let mut text = String::from(
        "age,sex,ward,building,admitted,discharged,systolic,diastolic,room,drugs,surgery_fee,total,emergency,planned,\
         transfer,insurer,tariff,outcome,follow_up\n",
    );
    let wards = ["surgery", "intensive", "medicine", "neurology", "geriatrics", "paediatrics"];
    let buildings = ["north", "north", "south", "south", "east", "east"];
    for _ in 0..rows {
        let ward = (stream.unit() * stream.unit() * 8.0).min(5.0) as usize;
        let age = match wards[ward] {
            "paediatrics" => stream.below(16) as f64,
            "geriatrics" => 70.0 + 9.0 * stream.normal().abs(),
            _ => 55.0 + 18.0 * stream.normal(),
        };
        let age = age.clamp(0.0, 104.0).round();
        let day = stream.below(1400);
        let severe = (stream.normal() + age / 40.0 - 1.0).max(0.0);
        let stay = (severe * 4.0 * -ln(stream.open_unit())).min(180.0) as u64;
        let open = day + stay > 1390;
        let systolic = (125.0 + age / 4.0 + 15.0 * stream.normal()).round();
        let diastolic = (systolic * 0.62 + 6.0 * stream.normal()).round().min(systolic - 5.0);
        let cents = |value: f64| value.max(0.0).round() as i64;
        let room = cents((stay as f64 + 1.0) * 21_050.0);
        let drugs = cents(severe * 9_000.0 * (0.3 + stream.unit()));
        let surgery = if ward == 0 { cents(180_000.0 + 60_000.0 * stream.normal()) } else { 0 };
        let kind = if severe > 1.5 { 0 } else { 1 + stream.below(4) / 3 };
        let insured = stream.unit() < 0.88;
        let insurer = if insured { ["public", "private", "abroad"][stream.below(3) as usize] } else { "" };
        let tariff =
            if insured { ["A", "B", "C", "D"][(stream.below(3) + kind.min(1)) as usize] } else { "" };
        let dead = stream.unit() < 0.02 * severe;
        let outcome = if dead {
            "dead"
        } else if severe > 2.0 {
            "improved"
        } else {
            "well"
        };
        let follow_up = if dead || open || stream.unit() < 0.2 {
            String::new()
        } else {
            date(day + stay + 14 + stream.below(60))
        };
        let discharged = if open { String::new() } else { date(day + stay) };
        let flag = |which: u64| u8::from(kind == which);
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let _ = writeln!(
            text,
            "{age},{},{},{},{},{discharged},{systolic},{diastolic},{},{},{},{},{},{},{},{insurer},{tariff},{outcome},{follow_up}",
            ["f", "m"][stream.below(2) as usize],
            wards[ward],
            buildings[ward],
            date(day),
            money(room),
            money(drugs),
            money(surgery),
            money(room + drugs + surgery),
            flag(0),
            flag(1),
            flag(2),
        );
    }
    text
}

/// The day so many days after the first of 2019, with the year first.
fn date(day: u64) -> String {
    let (mut year, mut left) = (2019, day);
    loop {
        let leap = year % 4 == 0;
        let length = if leap { 366 } else { 365 };
        if left >= length {
            left -= length;
            year += 1;
            continue;
        }
        let months = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, days) in months.into_iter().enumerate() {
            if left < days {
                return format!("{year}-{:02}-{:02}", month + 1, left + 1);
            }
            left -= days;
        }
    }
}
