//! Tables of small pictures, and the laws that every method for pictures obeys.

use std::sync::atomic::{AtomicU64, Ordering};

use lookalike::synth::image::{ConvVae, Flow, ImageGan, ImageSynthesizer, ImageVae, Wgan};
use lookalike::table::schema::ImageFormat;
use lookalike::table::{Codes, Levels};
use lookalike::{
    AnyModel, AnySynthesizer, Column, Condition, Context, FitOptions, Kind, Progress, Protection,
    SampleRequest, Seed, Table, model_file,
};

use crate::tables;

/// Every method for pictures, learning for a moment only.
pub fn methods() -> [AnySynthesizer; 5] {
    ImageSynthesizer::NAMES.map(|name| {
        let method = ImageSynthesizer::from_name(name).expect("a listed name");
        AnySynthesizer::Image(method.with_epochs(2))
    })
}

/// Every method for pictures with a network that is as small as can be, for files that are kept.
pub fn small_methods() -> [AnySynthesizer; 5] {
    let epochs = Some(2);
    [
        ImageSynthesizer::Flow(Flow { epochs, channels: vec![8], embedding: 8, axes: 2, ..Flow::default() }),
        ImageSynthesizer::Vae(ImageVae { epochs, latent: 4, hidden: vec![8], ..ImageVae::default() }),
        ImageSynthesizer::ConvVae(ConvVae { epochs, latent: 4, channels: vec![8], ..ConvVae::default() }),
        ImageSynthesizer::Gan(ImageGan { epochs, latent: 4, hidden: vec![8], ..ImageGan::default() }),
        ImageSynthesizer::Wgan(Wgan { epochs, latent: 4, channels: vec![8], ..Wgan::default() }),
    ]
    .map(AnySynthesizer::Image)
}

/// The rows of a table of pictures and classes as text: the class, and the levels in hexadecimal.
pub fn text(table: &Table) -> Vec<u8> {
    let (levels, classes) = contents(table);
    let size = table.column(0).image_size().expect("images");
    let rows = levels.chunks_exact(size).zip(classes).map(|(levels, class)| {
        let levels: Vec<String> = levels.iter().map(|level| format!("{level:02x}")).collect();
        format!("{},{}\n", class.unwrap_or_default(), levels.concat())
    });
    rows.collect::<Vec<String>>().concat().into_bytes()
}

/// The kind of a column of images.
pub fn images(height: u16, width: u16, channels: u8) -> Kind {
    Kind::Image(ImageFormat { height, width, channels })
}

/// A class, a level between a hundred and 200 in every pixel on a black ground: bars across for class `across`, and upright ones
/// for `upright`.
pub fn bars(n_rows: usize, height: u16, width: u16, channels: u8, seed: u64) -> Table {
    let mut stream = Seed::new(seed).stream("bars", 0);
    let (h, w, c) = (usize::from(height), usize::from(width), usize::from(channels));
    let (mut levels, mut codes) = (Vec::with_capacity(n_rows * h * w * c), Vec::with_capacity(n_rows));
    for row in 0..n_rows {
        let code = (row % 2) as u32;
        let (place, level) =
            (stream.below(if code == 0 { h } else { w } as u64) as usize, 100 + stream.below(100) as u8);
        for y in 0..h {
            for x in 0..w {
                let on = if code == 0 { y == place } else { x == place };
                levels.extend(std::iter::repeat_n(if on { level } else { 0 }, c));
            }
        }
        codes.push(code);
    }
    let pictures = Column::from_images(levels, h * w * c).expect("whole pictures");
    let classes = Column::from_codes(codes, &Levels::new(["across", "upright"]));
    tables::table(vec![
        ("image", images(height, width, channels), pictures),
        ("label", tables::nominal(), classes),
    ])
}

fn context() -> Context<'static> {
    Context::new(Seed::new(11))
}

fn fit(method: &AnySynthesizer, table: &Table) -> AnyModel {
    method.fit(table, &FitOptions::default(), &context()).expect("the pictures can be learned")
}

fn sample(model: &AnyModel, request: &SampleRequest) -> Table {
    let sampler = model.sample(request, &context()).expect("the request is possible");
    sampler.collect_table().expect("sampling works")
}

/// All there is in a table of pictures.
fn contents(table: &Table) -> (Vec<u8>, Vec<Option<String>>) {
    let texts =
        table.column(1).texts().expect("classes").iter().map(|text| text.map(str::to_owned)).collect();
    (table.column(0).images().expect("images"), texts)
}

/// The same data, options and seed give the same bytes on any number of threads; another seed gives other pictures.
pub fn seeds_decide_and_threads_do_not(method: &AnySynthesizer) {
    let table = bars(90, 8, 8, 1, 1);
    let run = || {
        let model = fit(method, &table);
        (model_file::to_bytes(&model), contents(&sample(&model, &SampleRequest::rows(300))))
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("a thread pool").install(run)
    };
    let one = on(1);
    assert!(one == on(3), "{}: three threads give other bytes", method.name());
    let model = model_file::from_bytes(&one.0).expect("a model just written");
    let other = model.sample(&SampleRequest::rows(300), &Context::new(Seed::new(12))).unwrap();
    assert!(
        contents(&other.collect_table().unwrap()) != one.1,
        "{}: the seed changes nothing",
        method.name()
    );
}

/// A shorter sample is a prefix of a longer one, and rows are the same wherever they are drawn.
pub fn ranges_are_parts_of_one_table(method: &AnySynthesizer) {
    let model = fit(method, &bars(60, 8, 8, 1, 2));
    let request = |rows: std::ops::Range<u64>| SampleRequest { rows, ..SampleRequest::default() };
    let whole = sample(&model, &request(0..2100));
    for rows in [0..0, 0..1, 250..260, 2040..2060, 2099..2100] {
        let part = sample(&model, &request(rows.clone()));
        assert_eq!(part.n_rows() as u64, rows.end - rows.start);
        let same = whole.slice(rows.start as usize..rows.end as usize);
        assert!(contents(&part) == contents(&same), "{}: rows {rows:?} differ", method.name());
    }
}

/// Sets that are odd in size, shape, channels or classes are learned, or refused in a sentence.
pub fn odd_sets_are_no_trouble(method: &AnySynthesizer) {
    let unprotected = FitOptions { protection: Protection::none(), ..FitOptions::default() };
    let learn = |table: &Table, what: &str| match method.fit(table, &unprotected, &context()) {
        Ok(model) => {
            let drawn = sample(&model, &SampleRequest::rows(5));
            assert_eq!(drawn.column(0).image_size(), table.column(0).image_size(), "{what}");
            assert_eq!((drawn.n_rows(), drawn.column(0).missing_count()), (5, 0), "{what}");
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.is_empty(), "{what}");
            panic!("{}: {what} is refused: {text}", method.name());
        }
    };
    for rows in [1, 2, 3, 7] {
        learn(&bars(rows, 8, 8, 1, 3), &format!("{rows} pictures"));
    }
    for (height, width, channels) in [(1, 1, 1), (5, 7, 1), (9, 4, 3), (8, 8, 4), (1, 12, 1)] {
        learn(&bars(20, height, width, channels, 4), &format!("{height} x {width} x {channels}"));
    }
    let alike = Column::from_images(vec![7; 20 * 64], 64).unwrap();
    learn(&tables::table(vec![("image", images(8, 8, 1), alike)]), "equal pictures without classes");
    let table = bars(20, 8, 8, 1, 5);
    let flags: Vec<bool> = (0..20).map(|row| row % 3 == 0).collect();
    let columns = vec![table.column(0).clone(), table.column(1).with_missing(&flags)];
    learn(&Table::new(table.schema().clone(), columns).unwrap(), "missing classes");
    let columns = vec![table.column(0).with_missing(&flags), table.column(1).clone()];
    learn(&Table::new(table.schema().clone(), columns).unwrap(), "missing pictures");
    let columns = vec![table.column(0).with_missing(&[true; 20]), table.column(1).clone()];
    let none = Table::new(table.schema().clone(), columns).unwrap();
    let error = method.fit(&none, &unprotected, &context()).expect_err("there is nothing to learn");
    assert!(!error.to_string().is_empty());
    let error = method.fit(&table.select(&[1]), &unprotected, &context()).expect_err("no pictures");
    assert!(error.to_string().contains("images"), "{error}");
}

/// Conditions on classes hold, and what the model does not know is refused.
pub fn conditions_hold(method: &AnySynthesizer) {
    let model = fit(method, &bars(80, 8, 8, 1, 6));
    let ask = |text: &str| SampleRequest {
        rows: 0..40,
        conditions: vec![Condition::parse(text, model.schema(), 1).unwrap()],
        ..SampleRequest::default()
    };
    for text in ["label=upright", "label!=across"] {
        let (_, classes) = contents(&sample(&model, &ask(text)));
        assert!(classes.iter().all(|class| class.as_deref() == Some("upright")), "{}: {text}", method.name());
    }
    for text in ["label=diagonal", "image=7"] {
        let error = model.sample(&ask(text), &context()).map(drop).expect_err("the model does not know that");
        assert!(!error.to_string().contains("diagonal"), "{error}");
    }
    let wanted = Column::from_codes(vec![1, Codes::MISSING, 0], &Levels::new(["across", "upright"]));
    let like = Some(tables::table(vec![("label", tables::nominal(), wanted)]));
    let (_, classes) =
        contents(&sample(&model, &SampleRequest { rows: 0..9, like, ..SampleRequest::default() }));
    let class = |row: usize| classes[row].as_deref();
    assert_eq!(
        [class(0), class(2), class(3), class(5)],
        [Some("upright"), Some("across"), Some("upright"), Some("across")]
    );
    let like = Some(bars(3, 8, 8, 1, 7));
    let error = model.sample(&SampleRequest { rows: 0..3, like, ..SampleRequest::default() }, &context());
    assert!(error.is_err(), "given pictures are not completed");
}

/// Pictures of classes that fewer units have than protection asks for are not learned, and a warning says so.
pub fn rare_classes_are_withheld(method: &AnySynthesizer) {
    let table = bars(60, 8, 8, 1, 8);
    let codes = (0..60).map(|row| if row < 3 { 2 } else { row % 2 }).collect();
    let classes = Column::from_codes(codes, &Levels::new(["across", "upright", "Zoonosis"]));
    let table = Table::new(table.schema().clone(), vec![table.column(0).clone(), classes]).unwrap();
    let model = fit(method, &table);
    let told = model
        .warnings()
        .iter()
        .any(|warning| warning.message.contains("3 images of classes that are withheld"));
    assert!(told, "{}: {:?}", method.name(), model.warnings());
    assert!(model.warnings().iter().all(|warning| !warning.message.contains("Zoonosis")));
    let bytes = model_file::to_bytes(&model);
    assert!(
        !bytes.windows(8).any(|window| window == b"Zoonosis"),
        "{}: the class is in the file",
        method.name()
    );
    let options = FitOptions { target: Some(1), ..FitOptions::default() };
    let error = method.fit(&table, &options, &context()).expect_err("a class of the target would be lost");
    assert!(error.to_string().contains("--protect none"), "{error}");
    let names: Vec<String> = (0..20).map(|class| format!("class {class}")).collect();
    let rare = Column::from_codes((0..60).map(|row| row / 3).collect(), &Levels::new(&names));
    let table = Table::new(table.schema().clone(), vec![table.column(0).clone(), rare]).unwrap();
    let error = method.fit(&table, &FitOptions::default(), &context()).expect_err("all classes are rare");
    assert!(matches!(error, lookalike::synth::Error::AllWithheld { images: 60 }), "{error}");
}

/// A model that is saved and opened again is the same model, and one whose parts do not belong together is refused.
pub fn files_keep_models(method: &AnySynthesizer) {
    let model = fit(method, &bars(50, 8, 8, 1, 9));
    let bytes = model_file::to_bytes(&model);
    let again = model_file::from_bytes(&bytes).expect("a model just written");
    assert!(model_file::to_bytes(&again) == bytes, "writing it again gives other bytes");
    let request = SampleRequest::rows(20);
    assert!(contents(&sample(&model, &request)) == contents(&sample(&again, &request)));
    assert_eq!((model.warnings(), model.schema()), (again.warnings(), again.schema()));
    let parts = model.to_parts();
    let refused = |what: &str, change: &dyn Fn(&mut lookalike::synth::Parts)| {
        let mut parts = parts.clone();
        change(&mut parts);
        assert!(AnyModel::from_parts(parts).is_err(), "{}: opened with {what}", method.name());
    };
    refused("another version", &|parts| parts.header["images"]["version"] = 99.into());
    refused("no such class column", &|parts| parts.header["images"]["class_column"] = 7.into());
    refused("images for classes", &|parts| parts.header["images"]["class_column"] = 0.into());
    refused("no class column", &|parts| parts.header["images"]["class_column"] = serde_json::Value::Null);
    refused("another height", &|parts| parts.header["images"]["model"]["height"] = 12.into());
    refused("another method", &|parts| parts.header["method"] = "copula".into());
    refused("no parameters", &|parts| {
        parts.arrays.remove("images/parameters");
    });
    refused("one array more", &|parts| {
        parts.arrays.insert("images/more".to_owned(), lookalike::synth::Array::U8(vec![1]));
    });
}

/// Stops after so many questions.
struct Impatient(AtomicU64);

impl Progress for Impatient {
    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) > 3
    }
}

/// Fitting and sampling stop when asked to.
pub fn work_can_be_cancelled(method: &AnySynthesizer) {
    let table = bars(300, 8, 8, 1, 10);
    let impatient = Impatient(AtomicU64::new(0));
    let fitted = method.fit(&table, &FitOptions::default(), &context().with_progress(&impatient));
    assert!(fitted.is_err(), "fitting goes on");
    let model = fit(method, &table);
    let impatient = Impatient(AtomicU64::new(0));
    let context = context().with_progress(&impatient);
    let sampler = model.sample(&SampleRequest::rows(u64::MAX / 4), &context).expect("a large request");
    let batches: Vec<_> = sampler.take(100).collect();
    assert!(batches.len() < 100 && batches.last().is_some_and(Result::is_err), "sampling goes on");
}
