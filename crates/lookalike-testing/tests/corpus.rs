//! Replays the fuzzer's corpus: what once was found must never come back.

use std::path::Path;

use lookalike::{Context, SampleRequest, Seed, model_file};

#[test]
fn no_file_of_the_corpus_does_harm() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/model_file");
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).expect("the corpus is part of the repository") {
        let bytes = std::fs::read(entry.expect("readable").path()).expect("readable");
        files += 1;
        for model in
            [model_file::from_bytes(&bytes), model_file::from_bytes_unchecked(&bytes)].into_iter().flatten()
        {
            let context = Context::new(Seed::new(0));
            let Ok(sampler) = model.sample(&SampleRequest::rows(3), &context) else { continue };
            for batch in sampler {
                assert!(batch.is_err() || batch.is_ok_and(|table| table.n_rows() == 3));
            }
        }
    }
    assert!(files >= 20, "only {files} files: the corpus is incomplete");
}

/// Makes the seeds of the corpus: sound models, and each of them cut off, changed at a place, or with another header.
/// Run by hand when the format changes; what the fuzzer finds is added beside them.
#[test]
#[ignore = "writes the seeds of the corpus; see its head"]
fn write_seeds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/model_file");
    std::fs::create_dir_all(&folder).expect("a new folder");
    let write =
        |name: String, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("room on the disk");
    for method in lookalike_testing::methods() {
        let table = lookalike_testing::tables::mixed(60, 4);
        let model = method
            .fit(&table, &lookalike::FitOptions::default(), &Context::new(Seed::new(1)))
            .expect("it can be learned");
        let (name, bytes) = (method.name(), model_file::to_bytes(&model));
        write(format!("{name}-sound"), &bytes);
        for part in 1..6 {
            write(format!("{name}-cut-{part}"), &bytes[..bytes.len() * part / 6]);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for (number, (from, to)) in [
            (r#"\"step\":1"#, r#"\"step\":0"#),
            (r#"\"step\":1"#, r#"\"step\":9"#),
            (r#"\"n_rows\":60"#, r#"\"n_rows\":00"#),
            (r#"\"mask\":0"#, r#"\"mask\":9"#),
            (r#"\"places\":2"#, r#"\"places\":9"#),
            (r#"\"always\""#, r#"\"alway5\""#),
            ("[0,60]", "[0,99]"),
        ]
        .into_iter()
        .enumerate()
        {
            let Some(place) = text.find(from) else { continue };
            // The header is ASCII, so places in the text are places in the bytes.
            let mut changed = bytes.clone();
            changed[place..place + to.len()].copy_from_slice(to.as_bytes());
            write(format!("{name}-changed-{number}"), &changed);
        }
    }
    write("empty".into(), b"");
    write("length-only".into(), &u64::MAX.to_le_bytes());
    write("zip".into(), b"PK\x03\x04\x14\x00\x00\x00\x08\x00");
    write("other-safetensors".into(), b"\x02\x00\x00\x00\x00\x00\x00\x00{}");
}
