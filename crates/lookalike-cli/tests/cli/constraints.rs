//! Constraints as users declare them.

use crate::fixture::{Folder, table};

/// Stays in which admission precedes discharge, the total is a sum, and a ward has one building.
fn with_stays() -> Folder {
    let folder = Folder::new();
    let names = ["admitted", "discharged", "room", "drugs", "total", "ward", "building", "note"];
    folder.write(
        "stays.csv",
        table(&names, 300, |row, column| {
            let mixed = (row * 7919 + row * row * 31) % 997;
            let (room, drugs) = (1000 + mixed * 7, mixed % 90 * 13);
            let money = |cents: usize| format!("{}.{:02}", cents / 100, cents % 100);
            match column {
                0 => format!("2023-{:02}-{:02}", 1 + mixed % 6, 1 + mixed % 28),
                1 => format!("2023-{:02}-28", 1 + mixed % 6 + mixed / 7 % 4),
                2 => money(room),
                3 => money(drugs),
                4 => money(room + drugs),
                5 => ["surgery", "medicine", "neurology", "geriatrics"][mixed % 4].to_owned(),
                6 => ["north", "south", "south", "east"][mixed % 4].to_owned(),
                _ => format!("note {row} of the stay"),
            }
        }),
    );
    folder
}

#[test]
fn constraints_hold_from_fit_to_gate() {
    let folder = with_stays();
    folder.write("rules.txt", "# what always holds\ntotal = room + drugs\n\ncombinations(ward, building)\n");
    let options = "--constraint admitted~<=~discharged --constraints rules.txt";
    folder.run(&format!("fit stays.csv -o stays.model --method copula {options}")).fine();
    folder.run("sample stays.model -n 500 -o rows.csv --where discharged>=2023-03-01").fine();
    let gate = "--min constraint-adherence=1";
    let judged = folder
        .run(&format!("evaluate --real stays.csv --synthetic rows.csv {options} {gate} --json out.json"))
        .fine();
    assert!(judged.stdout().contains("ConstraintAdherence"), "{}", judged.stdout());
    let json: serde_json::Value = serde_json::from_str(&folder.text("out.json")).unwrap();
    let metrics = json["evaluation"]["metrics"].as_array().unwrap();
    let found = metrics.iter().find(|metric| metric["name"] == "constraint-adherence").unwrap();
    assert_eq!(found["parts"].as_array().unwrap().len(), 3);
    assert_eq!(found["parts"][0]["details"]["violations"], 0.0);
    // Rows that know nothing of the constraints break them.
    folder.run("fit stays.csv -o free.model --method independent").fine();
    folder.run("sample free.model -n 500 -o free.csv").fine();
    let broken = folder.run(&format!("evaluate --real stays.csv --synthetic free.csv {options} {gate}"));
    assert_eq!(broken.code, Some(1), "{}", broken.stderr);
    assert!(folder.run("inspect stays.model").fine().stdout().contains("its distance from"));
}

#[test]
fn a_plan_and_a_schema_carry_constraints() {
    let folder = with_stays();
    folder.write(
        "more.json",
        r#"[{"constraint_class": "Inequality", "constraint_parameters":
        {"low_column_name": "admitted", "high_column_name": "discharged"}}]"#,
    );
    folder.write(
        "plan.toml",
        "[input]\nfile = \"stays.csv\"\n[fit]\nconstraints = [\"total = room + drugs\"]\nconstraints-file = \"more.json\"\n\
         [synthesizer.copula]\n[evaluate]\nmin = { constraint-adherence = 1 }\n",
    );
    folder.run("run plan.toml").fine();
    folder.run("inspect stays.csv --constraint total~=~room~+~drugs --write-schema schema.json").fine();
    assert!(folder.text("schema.json").contains("room + drugs"));
    folder.run("fit stays.csv -o again.model --method independent --schema schema.json").fine();
    folder.run("sample again.model -n 200 -o again.csv").fine();
    folder
        .run("evaluate --real stays.csv --synthetic again.csv --schema schema.json --min constraint-adherence=1")
        .fine();
}

#[test]
fn inspect_suggests_what_holds() {
    let folder = with_stays();
    let shown = folder.run("inspect stays.csv --emit-constraints found.txt --json out.json").fine().stdout();
    for text in ["total = room + drugs", "combinations(ward, building)", "300 rows"] {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
    let emitted = folder.text("found.txt");
    assert!(emitted.contains("# holds in 300 of 300 rows\ntotal = room + drugs"), "{emitted}");
    let json: serde_json::Value = serde_json::from_str(&folder.text("out.json")).unwrap();
    assert!(json["suggested_constraints"].as_array().unwrap().iter().any(|one| one["holding"] == 300));
    folder.run("fit stays.csv -o found.model --method independent --constraints found.txt").fine();
    // Columns that have nothing to do with each other are left alone.
    folder.write(
        "chance.csv",
        table(&["a", "b", "c"], 400, |row, column| {
            ((row + 1) * [7919, 104_729, 1_299_709][column] % [997, 1009, 1013][column]).to_string()
        }),
    );
    assert!(!folder.run("inspect chance.csv").fine().stdout().contains("Constraints"));
}

#[test]
fn what_cannot_be_is_named_at_once() {
    let folder = with_stays();
    let refused = |constraints: &str, words: &[&str]| {
        let options: Vec<String> =
            constraints.split('|').map(|text| format!(" --constraint {}", text.replace(' ', "~"))).collect();
        let options = options.concat();
        folder.run(&format!("fit stays.csv -o no.model{options}")).refused(words);
    };
    refused("admitted <= dischraged", &["dischraged", "did you mean", "discharged"]);
    refused(
        "admitted < discharged|discharged < admitted",
        &["contradict", "admitted < discharged", "circle"],
    );
    refused("admitted <= discharged|discharged <= admitted", &["can only be equal"]);
    refused("room >= 5|room < 5", &["contradict", "no value", "room"]);
    refused("total < room|room < 3|total > 9", &["no value", "leave"]);
    refused("note <= room", &["note", "text"]);
    refused("admitted <= room", &["dates", "numbers"]);
    refused("room", &["comparison"]);
    refused("room <=", &["expected"]);
    refused("combinations(ward)", &["at least 2"]);
    refused("combinations(ward, note)", &["note", "text"]);
    refused("unique(ward, ward)", &["twice"]);
    refused("total = room +", &["total"]);
    refused("total = room + ward", &["total = room + ward"]);
    refused("total = room + drugs|room = total - drugs", &["circle"]);
    refused("total = room|total = drugs", &["both say", "total"]);
    refused("total = room * 1.5 within 0.001", &["within 0.005"]);
    refused("increments(room, 0)", &["above 0"]);
    refused("one_hot(admitted, ward)", &["admitted", "datetime"]);
    refused(
        "if ward = 'surgery' then total is missing|if ward = 'surgery' then total > 3",
        &["two things at once"],
    );
    refused("if ward = 'surgery' then total >= 'much'", &["not of its kind"]);
    refused("if ward = surgery then total > 3", &["single quotes"]);
    refused("discharged < admitted", &["no row"]);
    folder.run("fit stays.csv -o no.model --constraints nothing.txt").refused(&["nothing.txt"]);
    folder.write("bad.txt", "admitted <= discharged\nroom ? drugs\n");
    folder.run("fit stays.csv -o no.model --constraints bad.txt").refused(&["line 2", "bad.txt"]);
    folder.run("evaluate --real stays.csv --synthetic stays.csv --constraint room~<=~rum").refused(&["rum"]);
    assert!(!folder.list().contains(&"no.model".to_owned()));
}
