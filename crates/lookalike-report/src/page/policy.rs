use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// A content security policy that allows this style and this script, and nothing else: no request, no other code,
/// whatever a name may hold. Pages with `pictures` also show those that are part of the page itself.
pub(super) fn policy(style: &str, script: &str, pictures: bool) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; {}style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        if pictures { "img-src data:; " } else { "" },
        hash(style),
        hash(script)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_the_hashes_of_what_it_allows() {
        // The hash of nothing, as every tool gives it.
        let empty = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(policy("", "", false).matches(empty).count(), 2);
        let pictures = policy("a", "b", true);
        assert!(
            !pictures.contains(empty) && !pictures.contains("unsafe") && pictures.contains("img-src data:;")
        );
        assert!(!policy("a", "b", false).contains("img-src"));
    }
}
