//! Opens arbitrary bytes as a model and, where that succeeds, samples from it: neither may panic, hang or allocate
//! out of proportion. Run with `cargo +nightly fuzz run model_file`; the corpus is replayed by every `./test`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lookalike::{Context, SampleRequest, Seed, model_file};

fuzz_target!(|bytes: &[u8]| {
    // A right checksum is beyond a fuzzer's reach, so contents are tried without it as well.
    for model in [model_file::from_bytes(bytes), model_file::from_bytes_unchecked(bytes)].into_iter().flatten() {
        let context = Context::new(Seed::new(0));
        if let Ok(sampler) = model.sample(&SampleRequest::rows(3), &context) {
            for batch in sampler {
                let _ = batch;
            }
        }
    }
});
