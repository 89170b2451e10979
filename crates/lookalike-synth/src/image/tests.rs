use lookalike_core::{Context, Seed};
use lookalike_learn::net::image::Shape;

use super::{ConvVae, Flow, ImageGan, ImageModel, ImageSynthesizer, ImageVae, Images, Wgan};
use crate::error::Error;
use crate::parts::Array;

/// Bright left halves in class 0, bright right halves in class 1, with noise.
fn halves(count: usize) -> Images {
    let mut stream = Seed::new(4).stream("halves", 0);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let class = stream.below(2) as u32;
        for place in 0..64 {
            let bright = u32::from(place % 8 >= 4) == class;
            pixels.push(if bright { 180 } else { 20 } + stream.below(40) as u8);
        }
        labels.push(class);
    }
    Images::new(Shape::new(8, 8, 1), pixels, labels, 2).unwrap()
}

fn methods() -> [ImageSynthesizer; 5] {
    let flow =
        Flow { epochs: Some(15), batch: 32, channels: vec![16, 16], steps: 4, axes: 4, ..Flow::default() };
    let vae = ImageVae { epochs: Some(20), batch: 32, latent: 2, hidden: vec![32], ..ImageVae::default() };
    let conv =
        ConvVae { epochs: Some(20), batch: 32, latent: 2, channels: vec![16, 8], ..ConvVae::default() };
    let gan = ImageGan {
        epochs: Some(150),
        batch: 32,
        latent: 4,
        hidden: vec![64],
        rate: 1e-3,
        ..ImageGan::default()
    };
    let wgan = Wgan {
        epochs: Some(40),
        batch: 32,
        latent: 4,
        channels: vec![16, 8],
        rate: 2e-3,
        critic_steps: 2,
        average: 0.9,
        ..Wgan::default()
    };
    [
        ImageSynthesizer::Flow(flow),
        ImageSynthesizer::Vae(vae),
        ImageSynthesizer::ConvVae(conv),
        ImageSynthesizer::Gan(gan),
        ImageSynthesizer::Wgan(wgan),
    ]
}

fn context() -> Context<'static> {
    Context::new(Seed::new(1))
}

/// How much brighter right halves are than left ones, in levels.
fn right_less_left(images: &Images) -> f64 {
    let sum = images
        .pixels()
        .iter()
        .enumerate()
        .map(|(place, &level)| if place % 8 >= 4 { f64::from(level) } else { -f64::from(level) });
    sum.sum::<f64>() / (images.len() * 32) as f64
}

#[test]
fn images_are_those_of_their_class() {
    for method in methods() {
        let model = method.fit(&halves(800), &context()).unwrap();
        for (class, expected) in [(0, -160.0), (1, 160.0)] {
            let drawn = model.sample(0..50, Some(class), &context()).unwrap();
            let found = right_less_left(&drawn);
            assert!((found - expected).abs() < 60.0, "{}, class {class}: {found}", method.name());
        }
        let labels = model.sample(0..400, None, &context()).unwrap();
        let ones = labels.labels().iter().filter(|&&label| label == 1).count();
        assert!((120..280).contains(&ones), "{ones}");
    }
}

#[test]
fn threads_prefixes_and_files_do_not_matter() {
    let images = halves(200);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for method in methods().map(|method| method.with_epochs(3)) {
        let model = method.fit(&images, &context()).unwrap();
        let drawn = model.sample(0..40, None, &context()).unwrap();
        let alone = one.install(|| method.fit(&images, &context()).unwrap());
        assert_eq!(
            one.install(|| alone.sample(0..40, None, &context()).unwrap()),
            drawn,
            "{}",
            method.name()
        );
        let some = model.sample(7..20, None, &context()).unwrap();
        assert_eq!(some, drawn.take(&(7..20).collect::<Vec<_>>()), "{}", method.name());
        let opened = ImageModel::from_parts(model.to_parts()).unwrap();
        assert_eq!(opened.sample(0..40, None, &context()).unwrap(), drawn, "{}", method.name());
        assert_eq!(opened.to_parts(), model.to_parts());
    }
}

#[test]
fn damaged_files_are_refused() {
    let model = methods()[0].clone().with_epochs(1).fit(&halves(200), &context()).unwrap();
    let refused = |change: &dyn Fn(&mut crate::parts::Parts)| {
        let mut parts = model.to_parts();
        change(&mut parts);
        assert!(matches!(ImageModel::from_parts(parts), Err(Error::Damaged { .. })));
    };
    refused(&|parts| {
        parts.arrays.remove("parameters");
    });
    refused(&|parts| {
        parts.arrays.insert("parameters".to_owned(), Array::F32(vec![0.0; 10]));
    });
    refused(&|parts| {
        parts.arrays.insert("shares".to_owned(), Array::F64(vec![0.5, 0.6]));
    });
    refused(&|parts| parts.header["height"] = 13.into());
    refused(&|parts| parts.header["height"] = 0.into());
    refused(&|parts| parts.header["kind"] = "table".into());
    refused(&|parts| parts.header["method"]["flow"]["channels"] = serde_json::json!([8_000_000, 8_000_000]));
    refused(&|parts| parts.header["method"]["flow"]["embedding"] = 1_000_000_000.into());
    refused(&|parts| parts.header["method"]["flow"]["axes"] = 1.into());
    for name in ["means", "axes", "variances", "covariances", "ranks"] {
        refused(&|parts| {
            parts.arrays.remove(name);
        });
    }
    refused(&|parts| {
        parts.arrays.insert("ranks".to_owned(), Array::U32(vec![u32::MAX, 0, 0]));
    });
    refused(&|parts| {
        parts.arrays.insert("covariances".to_owned(), Array::U32(vec![0, 9, 0]));
    });
    refused(&|parts| {
        let Some(Array::F32(variances)) = parts.arrays.get_mut("variances") else { panic!("there are some") };
        variances[0] = 0.0;
    });
    let of = |name: &str| methods().into_iter().find(|method| method.name() == name).unwrap();
    for (name, option) in
        [("vae", "hidden"), ("gan", "hidden"), ("conv-vae", "channels"), ("wgan", "channels")]
    {
        let model = of(name).with_epochs(1).fit(&halves(50), &context()).unwrap();
        for sizes in [vec![1_u64], vec![1 << 40, 1 << 40], vec![0]] {
            let mut parts = model.to_parts();
            parts.header["method"][name][option] = serde_json::json!(sizes);
            assert!(matches!(ImageModel::from_parts(parts), Err(Error::Damaged { .. })), "{name}");
        }
        let mut parts = model.to_parts();
        parts.header["method"][name]["latent"] = 1_000_000_000_u64.into();
        assert!(matches!(ImageModel::from_parts(parts), Err(Error::Damaged { .. })), "{name}");
    }
}

#[test]
fn problems_are_told_together() {
    let flow = Flow { epochs: Some(0), batch: 1, channels: vec![12], guidance: f32::NAN, ..Flow::default() };
    let Err(Error::Options { problems }) = ImageSynthesizer::Flow(flow).fit(&halves(10), &context()) else {
        panic!("options out of range")
    };
    assert_eq!(problems.len(), 4, "{problems:?}");
    let wgan = Wgan { penalty: 0.0, critic_steps: 0, channels: Vec::new(), latent: 0, ..Wgan::default() };
    let Err(Error::Options { problems }) = ImageSynthesizer::Wgan(wgan).check() else {
        panic!("options out of range")
    };
    assert_eq!(problems.len(), 4, "{problems:?}");
    let none = Images::new(Shape::new(8, 8, 1), Vec::new(), Vec::new(), 1).unwrap();
    assert!(matches!(ImageSynthesizer::Vae(ImageVae::default()).fit(&none, &context()), Err(Error::NoRows)));
    let unconditional = ImageSynthesizer::Vae(ImageVae { epochs: Some(1), ..ImageVae::tutorial() });
    let model = unconditional.fit(&halves(50), &context()).unwrap();
    assert!(model.sample(0..1, Some(0), &context()).is_err());
}

/// Has enough after the first step it hears of, or wants to stop at once.
struct Impatient {
    stops: bool,
    steps: std::sync::atomic::AtomicU64,
}

impl Impatient {
    fn new(stops: bool) -> Self {
        Impatient { stops, steps: 0.into() }
    }
}

impl lookalike_core::Progress for Impatient {
    fn advance(&self, steps: u64) {
        self.steps.fetch_add(steps, std::sync::atomic::Ordering::Relaxed);
    }

    fn enough(&self) -> bool {
        self.steps.load(std::sync::atomic::Ordering::Relaxed) > 0
    }

    fn cancelled(&self) -> bool {
        self.stops
    }
}

#[test]
fn warnings_of_learning_stay_with_the_model() {
    let asked = Impatient::new(false);
    for method in methods() {
        let model = method.fit(&halves(200), &context().with_progress(&asked)).unwrap();
        assert_eq!(model.warnings().len(), 1, "{}: {:?}", method.name(), model.warnings());
        let opened = ImageModel::from_parts(model.to_parts()).unwrap();
        assert_eq!(opened.warnings(), model.warnings());
        let mut parts = model.to_parts();
        parts.header["warnings"][0]["topic"] = "weather".into();
        assert!(matches!(ImageModel::from_parts(parts), Err(Error::Damaged { .. })));
    }
}

#[test]
fn an_image_depends_on_seed_number_and_class_alone() {
    let stopped = Impatient::new(true);
    for method in methods().map(|method| method.with_epochs(1)) {
        let model = method.fit(&halves(100), &context()).unwrap();
        let drawing = model.prepare(Seed::new(3));
        let all = drawing.draw(5, &[0, 1, 1, 0], &lookalike_core::Silent).unwrap();
        let one = drawing.draw(6, &[1], &lookalike_core::Silent).unwrap();
        assert_eq!(one, all[64..128], "{}", method.name());
        assert_ne!(drawing.draw(6, &[0], &lookalike_core::Silent).unwrap(), one, "{}", method.name());
        assert!(drawing.draw(0, &[2], &lookalike_core::Silent).is_err());
        assert!(matches!(drawing.draw(0, &[0], &stopped), Err(Error::Cancelled(_))));
    }
}

#[test]
fn images_may_have_any_shape_and_number() {
    let noise = |shape: Shape, count: usize, classes: u32| {
        let mut stream = Seed::new(5).stream("pixels", 0);
        let pixels = (0..count * shape.size()).map(|_| stream.below(256) as u8).collect();
        let labels = (0..count as u32).map(|number| number % classes).collect();
        Images::new(shape, pixels, labels, classes as usize).unwrap()
    };
    let equal = Images::new(Shape::new(5, 5, 1), vec![7; 25 * 60], vec![0; 60], 1).unwrap();
    let sets = [
        noise(Shape::new(1, 1, 1), 60, 1),
        noise(Shape::new(7, 13, 3), 60, 2),
        noise(Shape::new(8, 8, 1), 2, 2),
        noise(Shape::new(6, 5, 1), 1, 3),
        equal,
    ];
    for images in &sets {
        for method in methods().map(|method| method.with_epochs(2)) {
            let model = method.fit(images, &context()).unwrap();
            let drawn = model.sample(0..3, None, &context()).unwrap();
            assert_eq!(drawn.shape(), images.shape());
            let opened = ImageModel::from_parts(model.to_parts()).unwrap();
            assert_eq!(opened.sample(0..3, None, &context()).unwrap(), drawn, "{}", method.name());
        }
    }
    let few = methods()[0].clone().with_epochs(1).fit(&sets[1], &context()).unwrap();
    assert!(few.warnings()[0].message.contains("2 of 2 classes have fewer than 50"), "{:?}", few.warnings());
}

#[test]
fn ways_lead_from_one_image_to_another() {
    for method in methods() {
        let model = method.with_epochs(2).fit(&halves(100), &context()).unwrap();
        let way = model.interpolate((3, 0), (8, 1), 5, &context()).unwrap();
        let drawing = model.prepare(context().seed);
        let ends = [
            (0, drawing.draw(3, &[0], &lookalike_core::Silent)),
            (4, drawing.draw(8, &[1], &lookalike_core::Silent)),
        ];
        for (place, end) in ends {
            assert_eq!(way.take(&[place]).pixels(), end.unwrap(), "{}", model.method().name());
        }
        assert_eq!(way.labels(), [0, 0, 1, 1, 1]);
        assert!(model.interpolate((3, 0), (8, 2), 5, &context()).is_err());
        assert!(model.interpolate((3, 0), (8, 1), 1, &context()).is_err());
        let traversed = model.traverse(&[1, 0], 3, 1, &context());
        if matches!(model.method().name(), "vae" | "conv-vae") {
            let images = traversed.unwrap();
            assert_eq!(images.len(), 6);
            // The middle of each row is the same image.
            assert_eq!(images.take(&[1]), images.take(&[4]));
            assert_ne!(images.take(&[0]), images.take(&[2]));
            assert!(model.traverse(&[2], 3, 1, &context()).is_err());
        } else {
            assert!(traversed.unwrap_err().to_string().contains("only vae and conv-vae"));
        }
    }
}

#[test]
fn presets_and_lengths_are_set_by_name() {
    for name in ImageSynthesizer::NAMES {
        let method = ImageSynthesizer::from_name(name).unwrap();
        assert_eq!(method.name(), name);
        method.check().unwrap();
        let json = serde_json::to_value(&method).unwrap();
        assert_eq!(serde_json::from_value::<ImageSynthesizer>(json.clone()).unwrap(), method);
        let longer = method.clone().with_epochs(77).with_max_seconds(5.0);
        assert_eq!(serde_json::to_value(longer).unwrap()[name]["epochs"], 77);
        let preset = method.clone().with_preset("tutorial");
        assert_eq!(preset.is_ok(), matches!(name, "vae" | "gan"), "{name}");
        assert!(method.with_preset("nothing").is_err());
    }
    assert!(ImageSynthesizer::from_name("nothing").is_none());
}

#[test]
fn what_takes_too_much_memory_is_refused_before_the_work_starts() {
    let images = halves(40);
    for name in ImageSynthesizer::NAMES {
        let method = ImageSynthesizer::from_name(name).unwrap().with_epochs(1);
        let refused = method.clone().with_memory_limit(1 << 20).fit(&images, &context()).unwrap_err();
        assert!(refused.to_string().contains("--size"), "{refused}");
        let Error::Memory { needed, limit, .. } = refused else { panic!("{name}: {refused}") };
        assert_eq!(limit, 1 << 20);
        method.clone().with_memory_limit(needed).fit(&images, &context()).unwrap();
        let unbounded = method.fit(&images, &context()).unwrap();
        assert!(unbounded.to_parts().header["method"][name].get("memory-limit").is_none());
        assert!(method.with_memory_limit(1000).check().unwrap_err().to_string().contains("memory-limit"));
    }
    // Its layers alone would take terabytes: they are not even made.
    let wide = ImageVae { hidden: vec![1 << 20, 1 << 20], ..ImageVae::default() };
    let refused = ImageSynthesizer::Vae(wide).fit(&images, &context());
    assert!(matches!(refused, Err(Error::Memory { .. })), "{refused:?}");
}

#[test]
fn large_images_take_no_more_at_once_and_are_drawn_the_same_in_any_number() {
    let size = 160 * 160 * 3;
    let pixels = (0..10 * size).map(|place| (place / 480 % 256) as u8).collect();
    let images = Images::new(Shape::new(160, 160, 3), pixels, vec![0; 10], 1).unwrap();
    let flow = Flow { epochs: Some(1), channels: vec![8], steps: 2, ..Flow::default() };
    let model = ImageSynthesizer::Flow(flow.clone()).fit(&images, &context()).unwrap();
    let drawn = model.sample(0..6, None, &context()).unwrap();
    assert_eq!(model.sample(3..5, None, &context()).unwrap(), drawn.take(&[3, 4]));
    // Eight at once would take more than this.
    let bounded = Flow { memory_limit: Some(700 << 20), channels: vec![32, 32], ..flow };
    ImageSynthesizer::Flow(bounded).fit(&images.take(&[0, 1]), &context()).unwrap();
}

#[test]
fn it_is_said_where_there_are_few_images() {
    let said = |images: &Images| {
        let flow = Flow { epochs: Some(1), channels: vec![8], ..Flow::default() };
        let model = ImageSynthesizer::Flow(flow).fit(images, &context()).unwrap();
        model.warnings().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let few = said(&halves(30));
    assert!(
        few.contains("there are fewer than 50 images to learn from") && !few.contains("classes"),
        "{few}"
    );
    let mut labels = vec![0; 80];
    labels[..20].fill(1);
    let some = Images::new(Shape::new(8, 8, 1), halves(80).pixels().to_vec(), labels, 2).unwrap();
    assert!(said(&some).contains("1 of 2 classes have fewer than 50 images"), "{}", said(&some));
    assert_eq!(said(&halves(400)), "");
}
