//! Every method for pictures under every law, and pictures from files and to files.

use lookalike::pictures::{PictureOptions, read_pictures};
use lookalike::{AnySynthesizer, Context, FitOptions, ReadOptions, Seed, Silent, Writer};
use lookalike_testing::pictures as laws;

fn every_method(law: fn(&AnySynthesizer)) {
    for method in laws::methods() {
        law(&method);
    }
}

#[test]
fn seeds_decide_and_threads_do_not() {
    every_method(laws::seeds_decide_and_threads_do_not);
}

#[test]
fn ranges_are_parts_of_one_table() {
    every_method(laws::ranges_are_parts_of_one_table);
}

#[test]
fn odd_sets_are_no_trouble() {
    every_method(laws::odd_sets_are_no_trouble);
}

#[test]
fn conditions_hold() {
    every_method(laws::conditions_hold);
}

#[test]
fn rare_classes_are_withheld() {
    every_method(laws::rare_classes_are_withheld);
}

#[test]
fn files_keep_models() {
    every_method(laws::files_keep_models);
}

#[test]
fn work_can_be_cancelled() {
    every_method(laws::work_can_be_cancelled);
}

#[test]
fn methods_for_tables_refuse_pictures() {
    let table = laws::bars(30, 8, 8, 1, 1);
    for method in lookalike_testing::methods() {
        let error = method.fit(&table, &FitOptions::default(), &Context::new(Seed::new(1)));
        let text = error.expect_err("no method for tables learns pictures").to_string();
        assert!(text.contains("\"image\"") && text.contains("flow"), "{text}");
    }
}

/// Folders, IDX and NPY files give back the pictures and classes that were written.
#[test]
fn sets_come_back() {
    let folder = tempfile::tempdir().unwrap();
    for (name, channels) in [("set", 1), ("color", 3), ("x-images.idx", 1), ("y.idx.gz", 3), ("z.npy", 4)] {
        let table = laws::bars(30, 6, 9, channels, 2);
        let path = folder.path().join(name);
        let mut writer = Writer::create(&path, None, table.schema()).unwrap();
        writer.write(&table.slice(0..13)).unwrap();
        writer.write(&table.slice(13..30)).unwrap();
        assert!(!path.exists(), "{name} is there before it is complete");
        writer.finish().unwrap();
        let reading = lookalike::read(&path, &ReadOptions::default(), &Silent).unwrap();
        assert_eq!(reading.warnings, [], "{name}");
        assert_eq!(reading.table.n_rows(), 30, "{name}");
        // Folders are in the order of classes.
        let mut order: Vec<usize> = (0..30).collect();
        if path.is_dir() {
            order.sort_by_key(|row| (row % 2, *row));
        }
        let expected = table.take(&order);
        assert_eq!(reading.table.column(0).images(), expected.column(0).images(), "{name}");
        let classes = |table: &lookalike::Table| -> Vec<Option<String>> {
            table.column(1).texts().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
        };
        assert_eq!(classes(&reading.table), classes(&expected), "{name}");
    }
}

/// The column called `label` says what pictures show, wherever it stands.
#[test]
fn the_label_is_the_class() {
    let folder = tempfile::tempdir().unwrap();
    let table = laws::bars(12, 4, 4, 1, 2);
    let mut columns = table.schema().columns.clone();
    let is = columns.iter().position(|column| column.name == "label").unwrap();
    columns.insert(0, lookalike::ColumnSchema { name: "camera".to_owned(), ..columns[is].clone() });
    let mut values: Vec<_> = table.columns().to_vec();
    let levels = lookalike::table::Levels::new(["old", "new"]);
    values.insert(0, lookalike::Column::from_codes(vec![0; 12], &levels));
    let wide = lookalike::Table::new(lookalike::Schema::new(columns).into(), values).unwrap();
    let path = folder.path().join("x-images.idx");
    let mut writer = Writer::create(&path, None, wide.schema()).unwrap();
    writer.write(&wide).unwrap();
    writer.finish().unwrap();
    let reading = lookalike::read(&path, &ReadOptions::default(), &Silent).unwrap();
    let texts = |table: &lookalike::Table, column: usize| -> Vec<Option<String>> {
        table.column(column).texts().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
    };
    assert_eq!(texts(&reading.table, 1), texts(&table, is));
}

#[test]
fn folders_of_pictures_are_replaced_and_others_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set");
    let write = |rows: usize| {
        let table = laws::bars(rows, 4, 4, 1, 3);
        let mut writer = Writer::create(&path, None, table.schema())?;
        writer.write(&table)?;
        writer.finish()
    };
    write(20).unwrap();
    write(6).unwrap();
    let count = || lookalike::read(&path, &ReadOptions::default(), &Silent).unwrap().table.n_rows();
    assert_eq!(count(), 6);
    std::fs::write(path.join("thesis.txt"), "years of work").unwrap();
    let error = write(8).unwrap_err().to_string();
    assert!(error.contains("something else than pictures"), "{error}");
    assert!(path.join("thesis.txt").exists());
    assert_eq!(count(), 6);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "something is left behind: {left:?}");
}

/// Pictures of several sizes and colors are made alike when asked for, and never in silence.
#[test]
fn mixed_sets_are_made_alike() {
    let folder = tempfile::tempdir().unwrap();
    for (name, side, channels) in [("a", 6, 1), ("b", 6, 3), ("c", 8, 1)] {
        let table = laws::bars(4, side, side, channels, 4);
        let mut writer = Writer::create(&folder.path().join(name), None, table.schema()).unwrap();
        writer.write(&table).unwrap();
        writer.finish().unwrap();
    }
    let read = |options: &PictureOptions, like| read_pictures(folder.path(), options, like, &Silent);
    let error = read(&PictureOptions::default(), None).unwrap_err().to_string();
    assert!(error.contains("2 different sizes") && error.contains("--size"), "{error}");
    let options = PictureOptions { size: Some((5, 7)), ..PictureOptions::default() };
    let reading = read(&options, None).unwrap();
    assert_eq!(reading.table.column(0).image_size(), Some(5 * 7 * 3));
    let told: Vec<&str> = reading.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "8 of 12 pictures were made colored (RGB), as the others are",
            "12 of 12 pictures were brought to 5 x 7 pixels"
        ]
    );
    let like = laws::bars(1, 3, 3, 1, 5);
    let reading = read(&PictureOptions::default(), Some(like.schema())).unwrap();
    assert_eq!(reading.table.column(0).image_size(), Some(9));
    assert_eq!(reading.warnings.len(), 2);
}
