use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000;

fn coded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn expected() -> Expected<'static> {
    Expected {
        issuer: "https://id.example",
        client: "privity",
        nonce: "n-1",
        now: Timestamp(NOW * 1_000),
    }
}

fn right() -> Value {
    json!({
        "iss": "https://id.example", "aud": "privity", "sub": "u-1", "nonce": "n-1",
        "iat": NOW - 5, "exp": NOW + 300, "email": "ada@acme.example", "email_verified": true,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = right();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = right();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// A provider with one elliptic key.
struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn key(&self, kid: &str) -> Value {
        let point = self.0.public_key().as_ref();
        json!({ "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig",
                "x": coded(&point[1..33]), "y": coded(&point[33..]) })
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = format!(
            "{}.{}",
            coded(header.to_string()),
            coded(claims.to_string())
        );
        let signature = self
            .0
            .sign(&SystemRandom::new(), signed.as_bytes())
            .unwrap();
        format!("{signed}.{}", coded(signature))
    }
}

fn refusal(token: &str, keys: &[Value]) -> Unfit {
    match read(token, keys, &expected()) {
        Ok(_) => panic!("the token was believed"),
        Err(why) => why,
    }
}

#[test]
fn a_token_of_each_accepted_way_is_believed() {
    let signer = Signer::new();
    let token = signer.token(&json!({ "alg": "ES256", "kid": "a" }), &right());
    let claims = read(&token, &[signer.key("b"), signer.key("a")], &expected()).ok();
    assert_eq!(claims.map(|claims| claims.subject).as_deref(), Some("u-1"));

    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    // RFC 8017's RSAPublicKey: modulus with its leading zero, then the exponent 65537.
    let public = rsa.public_key().as_ref();
    let key = json!({ "kty": "RSA", "alg": "RS256",
                      "n": coded(&public[8..265]), "e": coded(&public[267..]) });
    let signed = format!(
        "{}.{}",
        coded(r#"{"alg":"RS256"}"#),
        coded(right().to_string())
    );
    let mut signature = vec![0; rsa.public_modulus_len()];
    rsa.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        signed.as_bytes(),
        &mut signature,
    )
    .unwrap();
    let token = format!("{signed}.{}", coded(signature));
    assert!(read(&token, &[key], &expected()).is_ok());

    let edwards = Ed25519KeyPair::generate().unwrap();
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": coded(edwards.public_key()) });
    let signed = format!(
        "{}.{}",
        coded(r#"{"alg":"EdDSA"}"#),
        coded(right().to_string())
    );
    let token = format!("{signed}.{}", coded(edwards.sign(signed.as_bytes())));
    assert!(read(&token, &[key], &expected()).is_ok());
}

#[test]
fn a_token_cannot_choose_how_it_is_judged() {
    let signer = Signer::new();
    let keys = [signer.key("a")];
    let bare = format!(
        "{}.{}.",
        coded(r#"{"alg":"none"}"#),
        coded(right().to_string())
    );
    assert_eq!(refusal(&bare, &keys), Unfit::Algorithm);
    for alg in ["none", "HS256", "RS384", "es256", "PS256"] {
        let token = signer.token(&json!({ "alg": alg }), &right());
        assert_eq!(refusal(&token, &keys), Unfit::Algorithm, "{alg}");
    }
    for alg in ["RS256", "EdDSA"] {
        let token = signer.token(&json!({ "alg": alg }), &right());
        assert_eq!(refusal(&token, &keys), Unfit::Signature, "{alg}");
    }
    let critical = signer.token(&json!({ "alg": "ES256", "crit": ["x"] }), &right());
    assert_eq!(refusal(&critical, &keys), Unfit::Algorithm);
}

#[test]
fn only_a_present_key_of_the_provider_signs() {
    let (signer, other) = (Signer::new(), Signer::new());
    let token = signer.token(&json!({ "alg": "ES256", "kid": "a" }), &right());
    assert_eq!(refusal(&token, &[other.key("a")]), Unfit::Signature);
    assert_eq!(refusal(&token, &[signer.key("b")]), Unfit::Signature);
    assert_eq!(refusal(&token, &[]), Unfit::Signature);
    let mut sealing = signer.key("a");
    sealing["use"] = json!("enc");
    assert_eq!(refusal(&token, &[sealing]), Unfit::Signature);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let altered = with("sub", json!("u-2")).to_string();
    let altered = format!("{header}.{}.{signature}", coded(altered));
    assert_eq!(refusal(&altered, &[signer.key("a")]), Unfit::Signature);
    for broken in ["", "a.b", "a.b.c.d", "!.!.!"] {
        assert_eq!(refusal(broken, &[signer.key("a")]), Unfit::Form, "{broken}");
    }
}

#[test]
fn claims_are_about_this_sign_in_here_and_now() {
    let signer = Signer::new();
    let cases = [
        (with("iss", json!("https://evil.example")), Unfit::Issuer),
        (with("aud", json!("another")), Unfit::Audience),
        (with("aud", json!(["privity", "another"])), Unfit::Audience),
        (with("azp", json!("another")), Unfit::Audience),
        (without("aud"), Unfit::Audience),
        (with("exp", json!(NOW - 61)), Unfit::Time),
        (without("exp"), Unfit::Time),
        (with("iat", json!(NOW + 120)), Unfit::Time),
        (with("nbf", json!(NOW + 120)), Unfit::Time),
        (with("nonce", json!("n-2")), Unfit::Nonce),
        (without("nonce"), Unfit::Nonce),
        (with("sub", json!("")), Unfit::Subject),
    ];
    for (claims, why) in cases {
        let token = signer.token(&json!({ "alg": "ES256" }), &claims);
        assert_eq!(refusal(&token, &[signer.key("a")]), why, "{claims}");
    }
    let mut several = with("aud", json!(["privity", "another"]));
    several["azp"] = json!("privity");
    let token = signer.token(&json!({ "alg": "ES256" }), &several);
    assert!(read(&token, &[signer.key("a")], &expected()).is_ok());
}

#[test]
fn a_mail_address_counts_only_where_the_provider_vouches_for_it() {
    let signer = Signer::new();
    let mail = |claims: Value| {
        let token = signer.token(&json!({ "alg": "ES256" }), &claims);
        let claims = read(&token, &[signer.key("a")], &expected()).ok().unwrap();
        claims.verified_mail().map(str::to_owned)
    };
    assert_eq!(mail(right()).as_deref(), Some("ada@acme.example"));
    assert_eq!(mail(with("email_verified", json!(false))), None);
    assert_eq!(mail(without("email_verified")), None);
    assert!(mail(with("email_verified", json!("true"))).is_some());
}

#[test]
fn what_is_said_apart_adds_to_the_same_person_and_replaces_nothing() {
    let signer = Signer::new();
    let token = signer.token(&json!({ "alg": "ES256" }), &without("email"));
    let read = || read(&token, &[signer.key("a")], &expected()).ok().unwrap();
    let more = |sub: &str| {
        let more = json!({ "sub": sub, "email": "ada@acme.example", "nonce": "other" });
        more.as_object().unwrap().clone()
    };
    let mut claims = read();
    assert!(claims.lacks(None));
    claims.add(more("u-2"));
    assert!(claims.lacks(None), "of another person");
    claims.add(more("u-1"));
    assert!(!claims.lacks(None) && claims.lacks(Some("groups")));
    assert_eq!(claims.verified_mail(), Some("ada@acme.example"));
    assert_eq!(claims.texts("nonce"), ["n-1"]);
}
