//! Pictures from files: all formats there and back, and files that are not as they must be.

use std::fs;
use std::path::{Path, PathBuf};

use lookalike_core::{Cancelled, Context, Progress};
use lookalike_image::read::{
    Marked, decode, read_coco, read_idx, read_npy, read_yolo, write_coco, write_yolo,
};
use lookalike_image::write::{encode, write_idx, write_idx_labels, write_npy};
use lookalike_image::{
    Augmenting, BoundingBox, Color, Copies, Done, Error, FileFormat, Image, ImageSet, Keypoint, Limits,
    Pipeline, Policy, ReadOptions, Reason, Sample, Seed, Target, augment, read_image,
};

fn grey(level: u8, width: usize, height: usize) -> Image {
    let values = (0..width * height).map(|at| level.wrapping_add(at as u8)).collect();
    Image::from_u8(width, height, Color::Grey, values).unwrap()
}

fn put(path: &Path, image: &Image) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let format = FileFormat::of_name(path).unwrap();
    fs::write(path, encode(image, format, 95).unwrap()).unwrap();
}

/// A folder with two classes: three cats and one dog.
fn animals(folder: &Path) -> PathBuf {
    let root = folder.join("animals");
    for (number, name) in ["cat/a.png", "cat/b.jpg", "cat/c.png", "dog/a.png"].iter().enumerate() {
        put(&root.join(name), &grey(number as u8 * 40, 12, 10));
    }
    root
}

fn reason(file: &[u8]) -> Reason {
    decode(file, &Limits::default()).unwrap_err()
}

#[test]
fn files_that_are_not_right_are_named_with_their_reason() {
    let png = encode(&grey(3, 30, 20), FileFormat::Png, 90).unwrap();
    let jpeg = encode(&grey(3, 30, 20), FileFormat::Jpeg, 90).unwrap();
    assert_eq!(reason(b""), Reason::EmptyFile);
    assert_eq!(reason(b"hello, I am no picture"), Reason::UnknownFormat);
    assert_eq!(reason(b"GIF89a\x01\x00\x01\x00"), Reason::UnknownFormat);
    assert!(matches!(reason(&png[..png.len() / 2]), Reason::Truncated | Reason::Damaged));
    assert!(matches!(reason(&jpeg[..30]), Reason::Truncated | Reason::Damaged));
    let mut damaged = png.clone();
    damaged[45] ^= 0x55;
    assert!(matches!(reason(&damaged), Reason::Damaged | Reason::Truncated));

    // A header that promises 50,000 pixels in a row, and one that promises none. The checksum is right.
    assert!(matches!(reason(&png_of_size(50_000, 10)), Reason::TooLarge { width: 50_000, height: 10, .. }));
    assert!(matches!(reason(&png_of_size(16_000, 16_000)), Reason::TooLarge { .. }));
    assert!(matches!(reason(&png_of_size(0, 10)), Reason::ZeroSized { .. } | Reason::Damaged));

    // An animation is announced before the pixels.
    let mut animated = png[..33].to_vec();
    animated.extend_from_slice(b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\0\0\0\0");
    animated.extend_from_slice(&png[33..]);
    assert_eq!(reason(&animated), Reason::Animated);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    fs::write(&path, b"no").unwrap();
    let message = read_image(&path, &Limits::default()).unwrap_err().to_string();
    assert!(message.contains("x.png") && message.contains("it is no PNG"), "{message}");
    let tight = Limits { file_bytes: 1, ..Limits::default() };
    assert!(matches!(
        read_image(&path, &tight).unwrap_err().reason,
        Reason::TooManyBytes { bytes: 2, limit: 1 }
    ));
}

/// The beginning of a PNG file of this size.
fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 0, 0, 0, 0]);
    let crc = header.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend_from_slice(&header);
    file.extend_from_slice(&(!crc).to_be_bytes());
    file.extend_from_slice(b"\0\0\0\0IDAT");
    file
}

#[test]
fn no_beginning_of_a_file_breaks_the_reader() {
    for format in [FileFormat::Png, FileFormat::Jpeg, FileFormat::Webp, FileFormat::Bmp, FileFormat::Tiff] {
        let image = Image::from_u8(9, 7, Color::Rgb, (0..189).collect()).unwrap();
        let file = encode(&image, format, 80).unwrap();
        for end in 0..file.len() {
            // Some decoders take what is missing at the end for black: that is theirs to say, but nothing may panic.
            let _ = decode(&file[..end], &Limits::default());
        }
        assert!(decode(&file, &Limits::default()).is_ok(), "{format:?}");
    }
}

#[test]
fn arrays_go_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let images: Vec<Image> = (0..5).map(|level| grey(level * 9, 6, 4)).collect();
    let colors = vec![Image::from_u8(2, 2, Color::Rgb, (0..12).collect()).unwrap(); 3];
    let deep = vec![Image::from_u16(2, 3, Color::Grey, vec![1, 2, 300, 4, 5, 60_000]).unwrap(); 2];
    for name in ["a-images-idx3-ubyte", "a-images-idx3-ubyte.gz"] {
        write_idx(&path(name), &images).unwrap();
        assert_eq!(read_idx(&path(name), &Limits::default()).unwrap(), images);
        write_idx_labels(&path(&name.replace("images-idx3", "labels-idx1")), &[4, 0, 1, 2, 3]).unwrap();
        let set = ImageSet::open(&path(name), &ReadOptions::default()).unwrap();
        assert_eq!(set.entries()[0].label.as_deref(), Some("4"));
        assert_eq!(set.load(4).unwrap().image, images[4]);
    }
    for (name, images) in [("g.npy", &images), ("c.npy", &colors), ("d.npy", &deep)] {
        write_npy(&path(name), images).unwrap();
        assert_eq!(&read_npy(&path(name), &Limits::default()).unwrap(), images);
    }
    assert!(write_idx(&path("x.idx"), &deep).is_err());
    let mixed = [images[0].clone(), colors[0].clone()];
    assert!(matches!(write_npy(&path("x.npy"), &mixed), Err(Error::Refused(_))));

    fs::write(path("p.csv"), "label,p0,p1,p2,p3\n7,0,1,2,255\n3,9,9,9,9\n").unwrap();
    let set = ImageSet::open(&path("p.csv"), &ReadOptions::default()).unwrap();
    assert_eq!(set.classes(), ["3", "7"]);
    assert_eq!(set.load(0).unwrap().image.as_u8(), Some([0, 1, 2, 255].as_slice()));
    fs::write(path("p.csv"), "0,1,2,3\n0,1,2,256\n").unwrap();
    let error = ImageSet::open(&path("p.csv"), &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("line 2") && !error.contains("256"), "{error}");
}

#[test]
fn wrong_headers_of_arrays_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x-images-idx3-ubyte");
    let refusal = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read_idx(&path, &Limits::default()).unwrap_err().reason
    };
    assert!(matches!(refusal(b"\x00\x01\x08\x03abcdefghijkl"), Reason::Header(_)));
    assert!(matches!(refusal(b"\x00\x00\x0d\x03abcdefghijkl"), Reason::Header(_)));
    assert!(matches!(refusal(b"\x00\x00"), Reason::Truncated));
    assert!(matches!(
        refusal(b"\x00\x00\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02abc"),
        Reason::Length { promised: 8, there: 3 }
    ));
    assert!(matches!(
        refusal(b"\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffabc"),
        Reason::Length { .. }
    ));
    assert!(matches!(refusal(b"\x00\x00\x08\x03\0\0\0\0\0\0\0\0\0\0\0\x02"), Reason::ZeroSized { .. }));
    assert!(matches!(refusal(b"\x1f\x8b\x08\0\0\0\0\0\0\0ab"), Reason::Truncated | Reason::Damaged));
    fs::write(&path, b"\x93NUMPY\x01\0\x04\0{}  ").unwrap();
    assert!(matches!(read_npy(&path, &Limits::default()).unwrap_err().reason, Reason::Header(_)));
}

#[test]
fn classes_come_from_folders_or_from_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let root = animals(folder.path());
    fs::create_dir(root.join("emu")).unwrap();
    let set = ImageSet::open(&root, &ReadOptions::default()).unwrap();
    assert_eq!(set.classes(), ["cat", "dog"]);
    assert!(matches!(set.refused()[0].reason, Reason::EmptyClass));
    let strict = ReadOptions { policy: Policy::Fail, ..ReadOptions::default() };
    assert!(ImageSet::open(&root, &strict).unwrap_err().to_string().contains("emu"));

    fs::write(root.join("labels.csv"), "file,label\ncat/a.png,x\ndog/a.png,\"y, z\"\nnone.png,x\n").unwrap();
    let set = ImageSet::open(&root, &ReadOptions::default()).unwrap();
    assert_eq!(set.classes(), ["x", "y, z"]);
    let reasons: Vec<String> = set.refused().iter().map(ToString::to_string).collect();
    assert_eq!(reasons.len(), 3);
    assert!(reasons.iter().any(|r| r.contains("none.png") && r.contains("labels.csv has an entry for it")));
    assert!(reasons.iter().any(|r| r.contains("b.jpg") && r.contains("labels.csv has no entry for it")));
    fs::remove_dir_all(&root).unwrap();
    fs::create_dir(&root).unwrap();
    assert!(matches!(ImageSet::open(&root, &ReadOptions::default()), Err(Error::Empty { .. })));
}

#[test]
fn boxes_go_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut sample = Sample::new(grey(0, 40, 20));
    let bounds = |left: f64, label: &str| BoundingBox {
        left,
        top: 2.0,
        right: left + 10.0,
        bottom: 18.0,
        label: label.into(),
    };
    sample.boxes = vec![bounds(1.0, "cat"), bounds(20.0, "dog"), bounds(25.0, "cat")];
    sample.keypoints = vec![Keypoint { x: 3.0, y: 4.5, label: "nose".to_owned() }];
    let coco = folder.path().join("coco.json");
    let marked = Marked {
        name: "a.png".to_owned(),
        width: 40,
        height: 20,
        boxes: sample.boxes.clone(),
        keypoints: sample.keypoints.clone(),
    };
    fs::write(&coco, write_coco(&[marked])).unwrap();
    let read = read_coco(&coco, &Limits::default()).unwrap();
    assert_eq!(read["a.png"], (sample.boxes.clone(), sample.keypoints.clone()));

    let yolo = folder.path().join("a.txt");
    let mut classes = Vec::new();
    fs::write(&yolo, write_yolo(&sample, &mut classes)).unwrap();
    assert_eq!(classes, ["cat", "dog"]);
    let read = read_yolo(&yolo, (40, 20), &classes, &Limits::default()).unwrap();
    assert!(
        read.iter().zip(&sample.boxes).all(|(a, b)| a.label == b.label && (a.left - b.left).abs() < 1e-3)
    );
    fs::write(&yolo, "0 0.5 0.5 0.1\n").unwrap();
    let error = read_yolo(&yolo, (40, 20), &classes, &Limits::default()).unwrap_err();
    assert!(matches!(error.reason, Reason::Line { line: 1, .. }));
}

fn pipeline() -> Pipeline {
    toml::from_str("steps = [{ D4 = {} }, { Rotate = { p = 1 } }, { GaussNoise = { p = 1 } }]").unwrap()
}

/// Names and bytes of all files of a folder.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[test]
fn any_number_of_threads_makes_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    let set = ImageSet::open(&animals(folder.path()), &ReadOptions::default()).unwrap();
    let run = |threads: usize, out: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let out = folder.path().join(out);
        let options = Augmenting { copies: Copies::Each(3), originals: true, ..Augmenting::default() };
        pool.install(|| augment(&set, &pipeline(), &out, &options, &Context::new(Seed::new(3)))).unwrap();
        contents(&out)
            .into_iter()
            .map(|(path, bytes)| (path.strip_prefix(&out).unwrap().to_owned(), bytes))
            .collect::<Vec<_>>()
    };
    let one = run(1, "one");
    assert_eq!(one.len(), 4 * 4 + 1);
    assert_eq!(one, run(5, "five"));
}

#[test]
fn balance_brings_classes_to_the_same_count_and_the_manifest_can_be_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let root = animals(folder.path());
    fs::write(root.join("cat/bad.png"), b"bad").unwrap();
    let set = ImageSet::open(&root, &ReadOptions::default()).unwrap();
    let out = folder.path().join("out");
    let preview = folder.path().join("grid.png");
    let options =
        Augmenting { copies: Copies::Balance, preview: Some(preview.clone()), ..Augmenting::default() };
    let outcome = augment(&set, &pipeline(), &out, &options, &Context::new(Seed::new(3))).unwrap();
    // The picture that cannot be read was counted before that was known.
    assert_eq!((outcome.classes["cat"], outcome.classes["dog"]), (3, 4));
    assert_eq!(outcome.refused.len(), 1);
    assert!(read_image(&preview, &Limits::default()).is_ok());
    assert_eq!(fs::read(out.join("cat/b.jpg")).unwrap(), fs::read(root.join("cat/b.jpg")).unwrap());
    let manifest = fs::read_to_string(&outcome.manifest).unwrap();
    let mut replayed = 0;
    for line in manifest.lines() {
        let done: Done = serde_json::from_str(line).unwrap();
        if done.copy.is_some() {
            let source = read_image(&root.join(&done.source), &Limits::default()).unwrap();
            let again = done.record.apply(Sample::new(source)).unwrap();
            assert_eq!(read_image(&out.join(&done.file), &Limits::default()).unwrap(), again.image);
            replayed += 1;
        }
    }
    assert_eq!(replayed, 3);
}

/// Wants to stop after so many pictures.
struct Impatient(std::sync::atomic::AtomicU64);

impl Progress for Impatient {
    fn advance(&self, steps: u64) {
        self.0.fetch_add(steps, std::sync::atomic::Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed) > 0
    }
}

#[test]
fn finished_work_is_kept_when_the_rest_fails() {
    let folder = tempfile::tempdir().unwrap();
    let root = animals(folder.path());
    let set = ImageSet::open(&root, &ReadOptions::default()).unwrap();
    let out = folder.path().join("out");
    let options = Augmenting { copies: Copies::Each(100), ..Augmenting::default() };
    let impatient = Impatient(std::sync::atomic::AtomicU64::new(0));
    let context = Context::new(Seed::new(3)).with_progress(&impatient);
    let error = augment(&set, &pipeline(), &out, &options, &context).unwrap_err();
    assert!(matches!(error, Error::Cancelled(Cancelled)));
    let manifest = fs::read_to_string(out.join("manifest.jsonl")).unwrap();
    assert_eq!(manifest.lines().count(), 64);
    assert_eq!(contents(&out).len(), 65);

    fs::write(root.join("dog/b.png"), b"bad").unwrap();
    let set = ImageSet::open(&root, &ReadOptions::default()).unwrap();
    let options = Augmenting { policy: Policy::Fail, ..Augmenting::default() };
    let out = folder.path().join("strict");
    let error = augment(&set, &pipeline(), &out, &options, &Context::new(Seed::new(3))).unwrap_err();
    assert!(error.to_string().contains("b.png"), "{error}");
    assert_eq!(fs::read_to_string(out.join("manifest.jsonl")).unwrap().lines().count(), 4);
}

#[test]
fn one_file_holds_many_and_normalized_ones_only_npy() {
    let folder = tempfile::tempdir().unwrap();
    let images: Vec<Image> = (0..4).map(|level| grey(level * 9, 6, 6)).collect();
    let input = folder.path().join("t-images-idx3-ubyte");
    write_idx(&input, &images).unwrap();
    write_idx_labels(&folder.path().join("t-labels-idx1-ubyte"), &[1, 0, 1, 1]).unwrap();
    let set = ImageSet::open(&input, &ReadOptions::default()).unwrap();
    let out = folder.path().join("more-images-idx3-ubyte.gz");
    let options =
        Augmenting { copies: Copies::Balance, target: Target::of_name(&out), ..Augmenting::default() };
    let outcome = augment(&set, &pipeline(), &out, &options, &Context::new(Seed::new(3))).unwrap();
    assert_eq!(outcome.written, 6);
    let again = ImageSet::open(&out, &ReadOptions::default()).unwrap();
    assert_eq!(again.entries().iter().filter(|entry| entry.label.as_deref() == Some("0")).count(), 3);

    let real: Pipeline = toml::from_str("steps = [{ Normalize = { mean = [0.5], std = [0.25] } }]").unwrap();
    let options = Augmenting::default();
    let error = augment(&set, &real, &folder.path().join("f"), &options, &Context::new(Seed::new(1)));
    assert!(error.unwrap_err().to_string().contains(".npy"));
    let out = folder.path().join("n.npy");
    let options = Augmenting { target: Target::Npy, ..options };
    augment(&set, &real, &out, &options, &Context::new(Seed::new(1))).unwrap();
    assert!(fs::read(&out).unwrap().windows(3).any(|part| part == b"<f4"));
}

#[test]
fn mixing_takes_partners_from_the_set() {
    let folder = tempfile::tempdir().unwrap();
    let set = ImageSet::open(&animals(folder.path()), &ReadOptions::default()).unwrap();
    let mixing: Pipeline = toml::from_str("mix = [{ MixUp = { p = 1 } }, { CutMix = { p = 1 } }]").unwrap();
    let out = folder.path().join("out");
    let outcome = augment(&set, &mixing, &out, &Augmenting::default(), &Context::new(Seed::new(3))).unwrap();
    assert_eq!((outcome.written, outcome.refused.len()), (4, 0));
    for line in fs::read_to_string(&outcome.manifest).unwrap().lines() {
        let done: Done = serde_json::from_str(line).unwrap();
        assert_eq!(done.mixed.len(), 2);
        assert!((done.shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_target_that_cannot_be_written_is_known_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let set = ImageSet::open(&animals(folder.path()), &ReadOptions::default()).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"x").unwrap();
    let error =
        augment(&set, &pipeline(), &file.join("out"), &Augmenting::default(), &Context::new(Seed::new(1)));
    assert!(matches!(error, Err(Error::Io { .. })));
}
