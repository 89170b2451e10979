//! Gates as `JUnit` XML, which build servers show.

use std::io;

use lookalike::{Bound, GateResult, Verdict};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::text::printable;

/// One suite with a test case for each gate of each file.
pub(super) fn xml(files: &[(&str, &[GateResult])]) -> io::Result<Vec<u8>> {
    let gates = || files.iter().flat_map(|(_, gates)| gates.iter());
    let tests = gates().count().to_string();
    let failures = gates().filter(|gate| !gate.passed).count().to_string();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = [("name", "lookalike"), ("tests", tests.as_str()), ("failures", failures.as_str())];
    writer.create_element("testsuites").with_attributes(counts).write_inner_content(|writer| {
        writer.create_element("testsuite").with_attributes(counts).write_inner_content(|writer| {
            for (file, gates) in files {
                for gate in *gates {
                    case(writer, &printable(file), gate)?;
                }
            }
            Ok(())
        })?;
        Ok(())
    })?;
    let mut text = writer.into_inner();
    text.push(b'\n');
    Ok(text)
}

fn case(writer: &mut Writer<Vec<u8>>, file: &str, gate: &GateResult) -> io::Result<()> {
    let (sign, bound) = match gate.bound {
        Bound::Min(bound) => (">=", bound),
        Bound::Max(bound) => ("<=", bound),
    };
    let name = format!("{} {sign} {bound}", gate.score);
    let case =
        writer.create_element("testcase").with_attributes([("classname", file), ("name", name.as_str())]);
    if gate.passed {
        case.write_empty()?;
        return Ok(());
    }
    let has_to_be = format!("and has to be {sign} {bound}");
    let within = gate.interval.map_or_else(String::new, |[low, high]| format!(" ({low} to {high})"));
    let message = match (gate.value, gate.verdict) {
        (Some(value), Verdict::TooFewRows) => {
            format!(
                "could not be told: {} is {value}{within}, {has_to_be}; there are too few rows",
                gate.score
            )
        }
        (Some(value), _) => format!("{} is {value}{within}, {has_to_be}", gate.score),
        (None, _) => format!("could not be told: {} has no figure, {has_to_be}", gate.score),
    };
    case.write_inner_content(|writer| {
        writer
            .create_element("failure")
            .with_attributes([("type", "gate"), ("message", message.as_str())])
            .write_text_content(BytesText::new(&message))?;
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::Reader;

    #[test]
    fn it_is_well_formed_whatever_files_are_called() {
        let gate = |value: Option<f64>, verdict| GateResult {
            score: "trend".to_owned(),
            bound: Bound::Min(0.9),
            value,
            interval: value.map(|value| [value - 0.06, value + 0.06]),
            verdict,
            passed: verdict == Verdict::Kept,
        };
        let good = [gate(Some(0.97), Verdict::Kept)];
        let bad = [
            gate(Some(0.5), Verdict::Broken),
            gate(None, Verdict::NoScore),
            gate(Some(0.91), Verdict::TooFewRows),
        ];
        let text = xml(&[("a<b>&\"\u{1}.csv", &good), ("b.csv", &bad)]).unwrap();
        let mut reader = Reader::from_reader(text.as_slice());
        reader.config_mut().check_end_names = true;
        let (mut cases, mut messages) = (0, Vec::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(element) | Event::Empty(element) => {
                    cases += u32::from(element.name().as_ref() == "testcase");
                    for attribute in element.attributes() {
                        let attribute = attribute.unwrap();
                        if attribute.key.as_ref() == "message" {
                            messages.push(attribute.value.into_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        assert_eq!(cases, 4);
        assert_eq!(messages.len(), 3);
        assert!(messages[0].starts_with("trend is 0.5"), "{messages:?}");
        assert!(messages[1].starts_with("could not be told: "), "{messages:?}");
        assert!(messages[2].contains("too few rows"), "{messages:?}");
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains('\u{1}') && text.contains("tests=\"4\" failures=\"3\""), "{text}");
    }
}
