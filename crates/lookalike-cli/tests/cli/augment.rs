//! `augment`: more pictures from few.

use std::path::Path;

use crate::fixture::Folder;

/// A folder `photos` of two classes: two pictures of a cat, one of a cup.
fn photos() -> Folder {
    let folder = Folder::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/images");
    for (class, from, to) in
        [("cat", "chelsea", "a"), ("cat", "rotate-constant", "b"), ("cup", "coffee", "a")]
    {
        std::fs::create_dir_all(folder.path("photos").join(class)).unwrap();
        let to = folder.path("photos").join(class).join(format!("{to}.png"));
        std::fs::copy(root.join(format!("{from}.png")), to).unwrap();
    }
    folder
}

#[test]
fn a_folder_becomes_more() {
    let folder = photos();
    let line = "--noise gaussian:25 --rotate 45 --flip horizontal --copies 3 --preview grid.png --seed 4";
    let said = folder.run(&format!("augment photos more {line}")).fine().stdout();
    assert!(said.starts_with("more: 9 pictures\n  cat: 6\n  cup: 3\n"), "{said}");
    assert_eq!(folder.text("more/manifest.jsonl").lines().count(), 9);
    assert!(folder.read("grid.png").starts_with(b"\x89PNG"));
    folder.run(&format!("augment photos again {line} --threads 1")).fine();
    for file in ["cat/a_0.png", "cup/a_2.png", "manifest.jsonl"] {
        assert_eq!(folder.read(&format!("more/{file}")), folder.read(&format!("again/{file}")), "{file}");
    }
    folder.run("augment photos other --rotate 45 --seed 5").fine();
    assert_ne!(folder.read("more/cat/a_0.png"), folder.read("other/cat/a_0.png"));
}

#[test]
fn classes_are_balanced_by_a_pipeline() {
    let folder = photos();
    folder.write("p.toml", "[[steps]]\nRotate = { limit = 20, p = 1 }\n[[steps]]\nGaussNoise = {}\n");
    let said = folder.run("augment photos even --pipeline p.toml --balance --json r.json").fine().stdout();
    assert!(said.contains("cat: 2") && said.contains("cup: 2"), "{said}");
    assert!(folder.text("r.json").contains("\"written\": 4"));
}

#[test]
fn what_is_wrong_is_told_and_the_rest_goes_on() {
    let folder = photos();
    folder.write("photos/cat/bad.png", "no picture");
    folder.write("photos/cup/short.png", &folder.read("photos/cup/a.png")[..200]);
    let run = folder.run("augment photos more --flip both");
    let run = run.fine();
    assert!(run.stderr.contains("bad.png") && run.stderr.contains("it is no PNG"), "{}", run.stderr);
    assert!(run.stderr.contains("short.png"), "{}", run.stderr);
    assert!(run.stdout().contains("left out: 2 files"));
    folder.run("augment photos strict --flip both --strict").refused(&["bad.png"]);
    let run = folder.run("augment photos small --flip both --max-side 10");
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.is_empty() && run.stderr.contains("no picture could be made"), "{}", run.stderr);
    folder.run("augment nowhere more --flip both").refused(&["cannot read nowhere"]);
    folder.run("augment photos more").refused(&["--noise", "--pipeline"]);
    for (noise, told) in [("gaussian", "gaussian:25"), ("snow:3", "salt-and-pepper")] {
        let run = folder.run(&format!("augment photos more --noise {noise}"));
        assert!(run.code == Some(2) && run.stderr.contains(told), "{}", run.stderr);
    }
    folder.run("augment photos more --noise gaussian:900").refused(&["std_range", "0 to 1"]);
    folder.write("p.toml", "[[steps]]\nRotate = { limt = 20 }\n");
    folder.run("augment photos more --pipeline p.toml").refused(&["p.toml", "line 2", "limt"]);
    folder.write("p.toml", "[[steps]]\nRotate = { limit = 900, p = 7 }\n");
    folder.run("augment photos more --pipeline p.toml").refused(&["limit", "p must be a probability"]);
    folder.write("file", "x");
    folder.run("augment photos file/more --flip both").refused(&["cannot create the folder"]);
}

#[test]
fn pixels_in_a_table_become_files_and_arrays() {
    let folder = Folder::new();
    folder.write("digits.csv", "label,p0,p1,p2,p3\n7,0,50,100,255\n3,9,9,9,9\n7,1,2,3,4\n");
    folder.run("augment digits.csv out --rotate 10 --balance").fine();
    assert_eq!(folder.text("out/manifest.jsonl").lines().count(), 4);
    folder.run("augment digits.csv more.npy --rotate 10 --copies 2").fine();
    assert!(folder.read("more.npy").starts_with(b"\x93NUMPY"));
    assert_eq!(folder.text("more.npy.labels.csv").lines().count(), 7);
}
