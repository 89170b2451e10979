//! Pictures, learned and drawn.

use crate::fixture::Folder;

/// A folder with `digits-images.idx` and its classes: 60 pictures of 8 by 8 pixels, bars across (class 3) and upright (class 8).
fn digits() -> Folder {
    let folder = Folder::new();
    let mut images: Vec<u8> = [0, 0, 8, 3, 0, 0, 0, 60, 0, 0, 0, 8, 0, 0, 0, 8].to_vec();
    let mut labels: Vec<u8> = [0, 0, 8, 1, 0, 0, 0, 60].to_vec();
    for row in 0..60 {
        let (across, place) = (row % 2 == 0, row / 2 % 8);
        images.extend((0..64).map(|at| {
            let on = if across { at / 8 == place } else { at % 8 == place };
            if on { 200 } else { 10 }
        }));
        labels.push(if across { 3 } else { 8 });
    }
    folder.write("digits-images.idx", images);
    folder.write("digits-labels.idx", labels);
    folder
}

#[test]
fn pictures_are_learned_and_drawn() {
    let folder = digits();
    let said = folder.run("fit digits-images.idx -o d.model --epochs 2 --seed 3").fine().stdout();
    assert!(said.contains("d.model: flow of 60 rows and 2 columns"), "{said}");
    let said = folder.run("sample d.model -n 25 --where label=3 --grid g.png").fine().stdout();
    assert!(said.contains("g.png: 25 pictures") && folder.read("g.png").starts_with(b"\x89PNG"), "{said}");
    folder.run("sample d.model -n 30 -o new --grid h.png --seed 5").fine();
    let count = |path: &str| std::fs::read_dir(folder.path(path)).map_or(0, Iterator::count);
    assert_eq!(count("new/3") + count("new/8"), 30);
    // Parts drawn elsewhere are parts of the whole.
    folder.run("sample d.model --rows 20..30 -o part --seed 5").fine();
    for class in ["3", "8"] {
        for file in std::fs::read_dir(folder.path("part").join(class)).into_iter().flatten().flatten() {
            let name = file.file_name().into_string().unwrap();
            let [part, whole] = ["part", "new"].map(|set| folder.read(&format!("{set}/{class}/{name}")));
            assert_eq!(part, whole, "{class}/{name}");
        }
    }
    for (file, beside) in [("x-images.idx", "x-labels.idx"), ("x.npy", "x.npy.labels.csv")] {
        folder.run(&format!("sample d.model -n 7 -o {file}")).fine();
        assert!(folder.path(beside).exists(), "{beside}");
    }
    let said = folder.run("inspect digits-images.idx").fine().stdout();
    assert!(said.contains("16") && said.contains("label") && !said.contains("constant"), "{said}");
    let said = folder.run("inspect d.model").fine().stdout();
    assert!(said.contains("image") && said.contains("a network of"), "{said}");
    let said = folder.run("sample d.model -n 3 -o told --truth what").fine();
    assert!(said.stderr.contains("what") && said.stderr.contains("not written"), "{}", said.stderr);
    let said = folder.run("sample d.model -n 3 --interpolate 7 --grid i.png").fine().stdout();
    assert!(said.contains("i.png: 21 pictures"), "{said}");
    folder.run("sample d.model -n 3 --traverse 7 --grid t.png").refused(&["only vae and conv-vae"]);
    let said = folder.run("fit new -o e.model --method vae --preset tutorial --epochs 1").fine();
    assert!(said.stderr.contains("without classes"), "{}", said.stderr);
    folder.run("sample e.model -n 3 -o none --where label=3").refused(&["without classes"]);
    let said = folder.run("sample e.model -n 2 --traverse 5 --grid t.png").fine().stdout();
    assert!(said.contains("t.png: 10 pictures"), "{said}");
    folder.run("sample e.model -n 3 --traverse 5 --grid t.png").refused(&["latent numbers 0 to 1"]);
    folder.run("sample e.model -n 3 -o none").fine();
    assert_eq!(count("none"), 3);
}

#[test]
fn sets_are_divided_and_learning_is_taken_up_again() {
    let folder = digits();
    let said = folder.run("split digits-images.idx --share 0.25 -o parts").fine().stdout();
    assert!(
        said.contains("train-images.idx: 45 rows") && said.contains("holdout-images.idx: 15 rows"),
        "{said}"
    );
    let fit = "fit parts/train-images.idx --method vae --epochs 4 --seed 2";
    folder.run(&format!("{fit} -o a.model")).fine();
    folder.run(&format!("{fit} -o b.model --checkpoint c")).fine();
    assert_eq!(folder.read("a.model"), folder.read("b.model"));
    folder.run("fit parts/holdout-images.idx --method vae --epochs 4 --seed 2 -o b.model --checkpoint c --resume").refused(&["cannot be taken up"]);
    // What ended for want of time goes on with more of it.
    let fit = "fit parts/train-images.idx --method gan --epochs 200 --checkpoint d";
    let ended = "time was up";
    let run = folder.run(&format!("{fit} -o c.model --max-seconds 0.02")).fine();
    assert!(run.stderr.contains(ended), "{}", run.stderr);
    let run = folder.run(&format!("{fit} -o d.model --max-seconds 600 --memory 100MB --resume")).fine();
    assert!(
        !run.stderr.contains(ended) && folder.read("c.model") != folder.read("d.model"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_cannot_be_done_with_pictures_is_said() {
    let folder = digits();
    for (line, told) in [
        ("fit digits-images.idx -o m --method forest", &["forest", "flow"][..]),
        ("fit digits-images.idx -o m --method auto", &["--method auto"]),
        ("fit digits-images.idx -o m --preset paper", &["--preset"]),
        ("fit digits-images.idx -o m --effort high", &["--effort"]),
        ("fit digits-images.idx -o m --target image", &["\"image\"", "kind image"]),
        ("fit digits-images.idx -o m --constraint image~>~3", &["constraints"]),
        ("fit digits-images.idx -o m --column label=id", &["kinds of columns"]),
        ("rebalance digits-images.idx -o r --target label", &["augment --balance"]),
        ("rebalance digits-images.idx --target label --study", &["augment --balance"]),
        ("audit digits-images.idx", &["evaluate compares"]),
        ("fit nowhere-images.idx -o m", &["nowhere-images.idx"]),
    ] {
        folder.run(line).refused(told);
    }
    folder.run("fit digits-images.idx -o d.model --method vae --epochs 1").fine();
    for (line, told) in [
        ("sample d.model -n 3 -o x.csv", &["image", "folder"][..]),
        ("sample d.model -n 3 -o -", &["image", "folder"]),
        ("sample d.model -n 3 -o x.parquet", &["image", "folder"]),
        ("sample d.model -n 3 -o y --where label=5", &["label"]),
        ("sample d.model -n 3 -o y --where image=5", &["image"]),
        ("sample d.model -n 3 -o y --low-discrepancy", &["--low-discrepancy"]),
        ("impute d.model digits-images.idx -o y", &["fill no gaps"]),
    ] {
        folder.run(line).refused(told);
        assert!(!folder.path("y").exists(), "{line}");
    }
    folder.write("digits.csv", "a,b\n1,2\n3,4\n5,6\n7,8\n9,1\n2,2\n");
    folder.run("fit digits.csv -o t.model").fine();
    folder.run("sample t.model -n 3 --grid g.png").refused(&["--grid"]);
    let pixels: Vec<String> =
        (0..8).map(|row| format!("{row},{},{},{}", row * 2, row * 3, row * 4)).collect();
    folder.write("pixels.csv", format!("a,b,c,d\n{}\n", pixels.join("\n")));
    let said = folder.run("fit pixels.csv --pictures -o p.model --epochs 1 --protect none").fine().stdout();
    assert!(said.contains("8 rows and 1 column"), "{said}");
    folder.write("short-images.idx", [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 8]);
    folder.run("fit short-images.idx -o m").refused(&["cut short"]);
    std::fs::create_dir(folder.path("full")).unwrap();
    folder.write("full/notes.txt", "no picture");
    folder.run("sample d.model -n 3 -o full").refused(&["something else than pictures"]);
}
