//! The bytes that fitted models and samples have, on every machine and with every number of threads.
//!
//! A change of these hashes is a change of every user's results for the same seed: it belongs in the changelog.

use lookalike::{Condition, Context, FitOptions, SampleRequest, Seed, model_file};
use lookalike_testing::{pictures, tables};

/// FNV-1a: enough to see a difference, and nothing to depend on.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn bytes_are_the_same_everywhere() {
    let table = tables::mixed(1200, 21);
    let mut found = Vec::new();
    for method in lookalike_testing::methods() {
        let name = method.name();
        let context = Context::new(Seed::new(2));
        let model = method.fit(&table, &FitOptions::default(), &context).expect("it can be learned");
        let conditions = vec![
            Condition::parse("age>=40", model.schema(), 1).expect("a condition"),
            Condition::parse("city=Berlin", model.schema(), 2).expect("a condition"),
        ];
        let draw = |conditions| {
            let request = SampleRequest { rows: 0..5000, conditions, ..SampleRequest::default() };
            let sampler = model.sample(&request, &context).expect("a possible request");
            hash(&tables::csv(&sampler.collect_table().expect("sampling works")))
        };
        found.push((name, hash(&model_file::to_bytes(&model)), draw(Vec::new()), draw(conditions)));
    }
    let expected = [
        ("forest", 10_776_825_677_414_975_352, 3_258_060_842_805_668_311, 16_312_955_950_517_312_598),
        ("copula", 15_948_572_566_200_057_487, 8_541_715_220_088_267_130, 9_418_309_168_264_241_551),
        ("autoregressive", 4_714_550_847_768_556_328, 8_099_082_500_901_420_280, 10_029_702_836_756_970_453),
        ("vae", 12_854_291_867_374_792_745, 17_968_946_186_601_969_624, 11_399_802_268_713_187_250),
        ("tvae", 5_687_585_082_575_822_917, 1_601_564_301_642_024_530, 15_362_580_505_214_528_407),
        ("gan", 8_969_044_563_354_948_883, 5_202_596_116_418_098_812, 10_142_108_186_292_618_400),
        ("ctgan", 9_661_259_267_840_105_982, 13_586_564_914_326_937_905, 13_464_815_355_446_926_823),
        ("independent", 11_476_162_575_942_655_010, 15_570_861_534_579_784_130, 6_827_750_378_048_006_963),
    ];
    assert_eq!(found, expected);
}

#[test]
fn bytes_of_pictures_are_the_same_everywhere() {
    let table = pictures::bars(150, 10, 9, 3, 21);
    let context = Context::new(Seed::new(2));
    let found = pictures::methods().map(|method| {
        let model = method.fit(&table, &FitOptions::default(), &context).expect("it can be learned");
        let sampler = model.sample(&SampleRequest::rows(40), &context).expect("a possible request");
        let rows = pictures::text(&sampler.collect_table().expect("sampling works"));
        (method.name(), hash(&model_file::to_bytes(&model)), hash(&rows))
    });
    let expected = [
        ("flow", 9_361_050_965_757_875_831, 14_201_402_513_428_234_510),
        ("vae", 16_777_700_780_207_498_960, 13_665_165_802_738_169_155),
        ("conv-vae", 17_328_552_942_176_318_922, 5_541_594_715_908_114_017),
        ("gan", 886_820_078_677_829_627, 680_798_576_318_061_529),
        ("wgan", 9_809_708_658_280_518_231, 9_885_801_335_429_028_026),
    ];
    assert_eq!(found, expected);
}
