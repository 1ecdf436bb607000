//! A small identity provider on this machine: it hands out codes for the claims it is given, and
//! asks for the client's secret and the code's verifier as a real one does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const CLIENT: &str = "privity";
pub(crate) const SECRET: &str = "s3cret & more";

pub(crate) struct Provider {
    pub(crate) issuer: String,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    issuer: String,
    keys: Vec<(String, EcdsaKeyPair)>,
    /// Code: challenge, redirect address, token.
    codes: HashMap<String, (String, String, String)>,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(Inner {
            issuer: issuer.clone(),
            keys: vec![("first".to_owned(), new_key())],
            codes: HashMap::new(),
        }));
        let shared = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move { serve(stream, &shared).await });
            }
        });
        Self { issuer, inner }
    }

    /// Takes the signing key out of use and another into it.
    pub(crate) fn rotate(&self) {
        self.inner.lock().unwrap().keys = vec![("second".to_owned(), new_key())];
    }

    /// A code for a person who signed in here, as the browser that came with `query` brings it
    /// back. `alter` changes header and claims of the token.
    pub(crate) fn code(
        &self,
        query: &HashMap<String, String>,
        claims: &Value,
        alter: impl FnOnce(&mut Value, &mut Value),
    ) -> String {
        let mut inner = self.inner.lock().unwrap();
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|one| one == "openid"));
        let now = now();
        let (kid, key) = &inner.keys[0];
        let mut header = json!({ "alg": "ES256", "kid": kid });
        let mut all = json!({
            "iss": inner.issuer, "aud": query["client_id"], "nonce": query["nonce"],
            "iat": now, "exp": now + 300,
        });
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        alter(&mut header, &mut all);
        let coded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", coded(&header), coded(&all));
        let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        let code = format!("code-{}", inner.codes.len());
        let kept = (
            query["code_challenge"].clone(),
            query["redirect_uri"].clone(),
            token,
        );
        inner.codes.insert(code.clone(), kept);
        code
    }
}

fn now() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

fn new_key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
}

async fn serve(mut stream: TcpStream, shared: &Mutex<Inner>) {
    let mut request = Vec::new();
    let mut piece = [0u8; 4096];
    loop {
        let count = stream.read(&mut piece).await.unwrap_or(0);
        request.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if count == 0 {
                return;
            }
            continue;
        };
        let length = header(head, "content-length").map_or(0, |n| n.parse().unwrap());
        if body.len() < length {
            continue;
        }
        let (status, answer) = answer(head, body, &mut shared.lock().unwrap());
        let answer = answer.to_string();
        let response = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
            answer.len()
        );
        stream.write_all(response.as_bytes()).await.unwrap();
        return;
    }
}

fn answer(head: &str, body: &str, inner: &mut Inner) -> (&'static str, Value) {
    let line = head.lines().next().unwrap();
    let issuer = inner.issuer.clone();
    if line.starts_with("GET /.well-known/openid-configuration ") {
        let document = json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
            "end_session_endpoint": format!("{issuer}/out"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        });
        return ("200 OK", document);
    }
    if line.starts_with("GET /keys ") {
        let keys: Vec<Value> = inner.keys.iter().map(|(kid, key)| jwk(kid, key)).collect();
        return ("200 OK", json!({ "keys": keys }));
    }
    assert!(line.starts_with("POST /token "), "{line}");
    let shown = header(head, "authorization").unwrap();
    let shown = STANDARD
        .decode(shown.strip_prefix("Basic ").unwrap())
        .unwrap();
    assert_eq!(
        String::from_utf8(shown).unwrap(),
        format!("{CLIENT}:s3cret+%26+more")
    );
    let form = pairs(body);
    let kept = inner.codes.remove(&form["code"]);
    let fits = kept.filter(|(challenge, back, _)| {
        let made = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
        made == *challenge && *back == form["redirect_uri"]
    });
    match fits {
        Some((_, _, token)) => (
            "200 OK",
            json!({ "id_token": token, "token_type": "Bearer" }),
        ),
        None => ("400 Bad Request", json!({ "error": "invalid_grant" })),
    }
}

fn jwk(kid: &str, key: &EcdsaKeyPair) -> Value {
    let point = key.public_key().as_ref();
    json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
        "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
    })
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// The pairs of a form or of an address's query.
pub(crate) fn pairs(text: &str) -> HashMap<String, String> {
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.replace('+', " ").into_bytes();
    let mut plain = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = std::str::from_utf8(&bytes[at + 1..at + 3]).unwrap();
            plain.push(u8::from_str_radix(digits, 16).unwrap());
            at += 3;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(plain).unwrap()
}
