//! The pages as people use them: coming in, roles, forms that only our own pages can send.

#![cfg(test)]

mod desk;
mod finding;
mod public;
mod uploads;

use app::{App, Config, Overrides, TenantOrder, Until};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::{Purpose, Secret};
use server::Door;
use tower::ServiceExt;

const PASSWORD: &str = "crumple-orbit-9-lantern";
const CHAT: &str = r#"{
  "format": "privity.chat/1", "id": "c-1", "channel": "chat", "started": "2026-10-08T16:20:05Z",
  "direction": "inbound",
  "parties": [{ "role": "agent", "name": "Priya Nair" }, { "role": "consumer", "name": "Tom Hill" }],
  "messages": [
    { "from": 1, "at": "2026-10-08T16:20:05Z", "text": "Hi, my card 4111 1111 1111 1111 was charged twice." },
    { "from": 0, "at": "2026-10-08T16:20:41Z", "text": "Sorry about that, I will refund it today." }
  ]
}"#;

pub(crate) struct Place {
    app: App,
    router: Router,
    tenant: app::Tenant,
    _folder: tempfile::TempDir,
}

async fn place(configuration: &str) -> Place {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(app::CONFIG_FILE), configuration).unwrap();
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let models = std::env::var_os("PRIVITY_MODELS")
        .map_or_else(|| workspace.join("models"), std::path::PathBuf::from);
    let overrides = Overrides {
        models: Some(models),
        workers: Some(1),
        ..Overrides::default()
    };
    let config = Config::load(folder.path(), &overrides).unwrap();
    let app = App::create(&config).await.unwrap();
    let order = TenantOrder {
        slug: "acme".parse().unwrap(),
        name: "Acme".to_owned(),
        instruction: "order".to_owned(),
        basis: "contract".to_owned(),
        without: Vec::new(),
    };
    let tenant = app.add_tenant(&order).await.unwrap();
    let door = Door::keys_only()
        .and_first(&Secret::new("first-code"), tenant.id)
        .and_first(&Secret::new("desk-code"), domain::TenantId::INSTALLATION);
    Place {
        router: server::router(app.clone(), door).unwrap(),
        app,
        tenant,
        _folder: folder,
    }
}

/// Somebody at a browser: keeps cookies, reads the token of forms.
#[derive(Default)]
pub(crate) struct Browser {
    cookies: Vec<(String, String)>,
}

pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Browser {
    async fn send(&mut self, place: &Place, request: Request<Body>) -> Answer {
        let response = place.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for value in headers.get_all(header::SET_COOKIE) {
            let (pair, _) = value.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status,
            headers,
            text,
        }
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
    }

    async fn get(&mut self, place: &Place, path: &str) -> Answer {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.send(place, request).await
    }

    async fn raw(&mut self, place: &Place, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.send(place, request).await
    }

    /// Loads the page a form stands on and sends the form with its token.
    async fn post(
        &mut self,
        place: &Place,
        page: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let csrf = self.token(place, page).await;
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        self.raw(place, path, &fields).await
    }

    async fn token(&mut self, place: &Place, page: &str) -> String {
        let page = self.get(place, page).await;
        let (_, rest) = page
            .text
            .split_once("name=\"csrf\" value=\"")
            .expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }

    async fn sign_in(&mut self, place: &Place, mail: &str, password: &str) -> StatusCode {
        let fields = [("mail", mail), ("password", password)];
        self.post(place, "/sign-in", "/sign-in", &fields)
            .await
            .status
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The code that a page shows once.
fn shown_code(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("class=\"secret\">").expect("a code");
    rest.split('<').next().unwrap().to_owned()
}

async fn owner(place: &Place) -> Browser {
    let mut browser = Browser::default();
    let fields = [
        ("code", "first-code"),
        ("name", "Ada Owner"),
        ("mail", "ada@acme.example"),
        ("password", PASSWORD),
    ];
    let made = browser.post(place, "/set-up", "/set-up", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    browser
}

async fn invited(
    place: &Place,
    owner: &mut Browser,
    name: &str,
    mail: &str,
    role: &str,
) -> Browser {
    let fields = [("name", name), ("mail", mail), ("role", role)];
    let page = owner.post(place, "/people", "/people", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let code = shown_code(&page);
    let mut browser = Browser::default();
    let fields = [("code", code.as_str()), ("password", PASSWORD)];
    let joined = browser.post(place, "/join", "/join", &fields).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text);
    let again = Browser::default()
        .post(place, "/join", "/join", &fields)
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    browser
}

#[tokio::test]
async fn the_first_code_makes_one_owner_and_weak_passwords_are_refused() {
    let place = place("").await;
    let mut guest = Browser::default();
    let mut fields = vec![
        ("code", "wrong"),
        ("name", "Ada"),
        ("mail", "ada@acme.example"),
        ("password", PASSWORD),
    ];
    let wrong = guest.post(&place, "/set-up", "/set-up", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    fields[0] = ("code", "first-code");
    fields[3] = ("password", "password123");
    let weak = guest.post(&place, "/set-up", "/set-up", &fields).await;
    assert!(weak.text.contains("cannot be used"), "{}", weak.text);
    assert!(place.app.is_unattended(place.tenant.id).await.unwrap());

    let mut ada = owner(&place).await;
    assert_eq!(ada.get(&place, "/").await.status, StatusCode::OK);
    fields[3] = ("password", PASSWORD);
    let second = guest.post(&place, "/set-up", "/set-up", &fields).await;
    assert!(
        second.text.contains("has an owner already"),
        "{}",
        second.text
    );
}

#[tokio::test]
async fn wrong_passwords_wait_longer_and_longer_and_are_in_the_history() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let mut thief = Browser::default();
    for _ in 0..5 {
        let status = thief.sign_in(&place, "ada@acme.example", "guess").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let status = thief.sign_in(&place, "ada@acme.example", PASSWORD).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "not looked at");
    let unknown = thief.sign_in(&place, "nobody@acme.example", "guess").await;
    assert_eq!(
        unknown,
        StatusCode::UNAUTHORIZED,
        "an unknown address is answered alike"
    );
    let page = ada.get(&place, "/account").await;
    assert!(page.text.contains("wrong password") && page.text.contains("refused unseen"));

    let reported = ada.post(&place, "/account", "/account/report", &[]).await;
    assert_eq!(reported.status, StatusCode::SEE_OTHER);
    assert_eq!(
        ada.get(&place, "/").await.status,
        StatusCode::SEE_OTHER,
        "signed out and locked"
    );
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let place = place("").await;
    let mut here = owner(&place).await;
    let mut there = Browser::default();
    let status = there.sign_in(&place, "ada@acme.example", PASSWORD).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(there.get(&place, "/account").await.status, StatusCode::OK);
    here.post(&place, "/account", "/account/sign-out-everywhere", &[])
        .await;
    for browser in [&mut here, &mut there] {
        assert_eq!(
            browser.get(&place, "/account").await.status,
            StatusCode::SEE_OTHER
        );
    }
}

#[tokio::test]
async fn a_persons_role_is_what_the_policy_decides_by() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let tenant = place.tenant.id;
    let storage = place
        .app
        .local_scope(tenant, domain::TenantRole::Analyst, Purpose::Storage);
    let order = app::IntakeOrder::default();
    let taken = place
        .app
        .take_in(&storage, CHAT.into(), &order)
        .await
        .unwrap();
    let app::Outcome::Taken { id, .. } = &taken[0] else {
        panic!("{taken:?}");
    };
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let path = format!("/interactions/{id}");

    let mut priya = invited(
        &place,
        &mut ada,
        "Priya Nair",
        "priya@acme.example",
        "agent",
    )
    .await;
    let mut owen = invited(
        &place,
        &mut ada,
        "Owen Hughes",
        "owen@acme.example",
        "agent",
    )
    .await;
    let own = priya.get(&place, &path).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.text);
    assert!(own.text.contains("[CARD]") && !own.text.contains("4111"));
    let list = priya.get(&place, "/interactions").await;
    assert!(list.text.contains(&id.to_string()));
    let foreign = owen.get(&place, &path).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "not theirs");
    assert!(
        !owen
            .get(&place, "/interactions")
            .await
            .text
            .contains(&id.to_string())
    );
    let found = owen
        .post(&place, "/interactions", "/search", &[("query", "refund")])
        .await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(!found.text.contains(&id.to_string()), "not theirs");
    let found = priya
        .post(&place, "/interactions", "/search", &[("query", "refund")])
        .await;
    assert!(found.text.contains(&id.to_string()), "{}", found.text);
    for page in ["/people", "/keys", "/ledger"] {
        assert_eq!(
            priya.get(&place, page).await.status,
            StatusCode::FORBIDDEN,
            "{page}"
        );
    }

    let page = ada.get(&place, &path).await;
    assert!(
        page.text.contains("usr_"),
        "the ledger knows people by their account's id"
    );
    let (_, log) = page.text.split_once("id=\"openings\"").unwrap();
    assert!(!log.contains("Priya"), "and never by name");
    let user = user_of(&ada.get(&place, "/people").await);
    let path = format!("/people/{user}");
    let last = ada.post(&place, "/people", &path, &[("act", "lock")]).await;
    assert_eq!(
        last.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the last owner stays"
    );
}

/// The first account of the page, the owner's.
fn user_of(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("/people/").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn no_form_is_taken_without_its_token() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let id = "int_00000000000000000000000000000000";
    for path in [
        "/search",
        "/interactions/bulk",
        "/sign-out",
        &format!("/interactions/{id}/tag"),
        &format!("/interactions/{id}/untag"),
        "/troubles/replay",
        &format!("/interactions/{id}/moments"),
        &format!("/interactions/{id}/moments/{id}/remove"),
        &format!("/interactions/{id}/assign"),
        &format!("/interactions/{id}/fill"),
        "/interactions/views",
        &format!("/interactions/views/{id}/drop"),
        "/alerts/routes",
        &format!("/alerts/routes/{id}"),
        &format!("/alerts/deliveries/{id}/retry"),
        "/scoring/plans",
        &format!("/scoring/plans/{id}/end"),
        &format!("/scoring/fillings/{id}"),
        "/calibration",
        &format!("/calibration/{id}/close"),
        &format!("/coaching/{id}"),
        "/categories",
        "/categories/from-search",
        "/topics",
        &format!("/topics/{id}/remove"),
        "/account/password",
        "/account/codes",
        "/account/codes-off",
        "/account/sign-out-everywhere",
        "/account/report",
        "/people",
        "/people/usr_00000000000000000000000000000000",
        "/keys",
        "/keys/key_00000000000000000000000000000000/revoke",
        "/sign-in",
        "/sign-in/key",
        "/set-up",
        "/join",
        "/requests",
        "/requests/prove",
        "/requests/status",
        "/desk/clauses",
        "/desk/disclosures",
        "/desk/recipients",
        "/desk/recipients/rcp_00000000000000000000000000000000/stop",
        "/desk/requests/cas_00000000000000000000000000000000",
        "/desk/requests/cas_00000000000000000000000000000000/pack",
        "/desk/requests/cas_00000000000000000000000000000000/erase",
        "/desk/holds",
        "/desk/holds/hld_00000000000000000000000000000000",
        "/desk/retention",
        "/desk/retention/run",
        "/desk/retention/ret_00000000000000000000000000000000/end",
        "/desk/openings",
        "/desk/openings/brk_00000000000000000000000000000000",
        "/desk/orders/ord_00000000000000000000000000000000",
    ] {
        for token in ["", "0123"] {
            let answer = ada.raw(&place, path, &[("csrf", token)]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.text.contains("too old"), "{path}: {}", answer.text);
        }
    }
    let token = ada.token(&place, "/take-in").await;
    for (token, wanted) in [("0123", StatusCode::FORBIDDEN), (&*token, StatusCode::OK)] {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.json\"\r\n\r\n{CHAT}\r\n--b--\r\n"
        );
        let request = ada
            .request("POST", "/take-in")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body))
            .unwrap();
        let answer = ada.send(&place, request).await;
        assert_eq!(answer.status, wanted, "{}", answer.text);
    }
    let request = ada
        .request("POST", "/sign-out")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        ada.send(&place, request).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn behind_tls_cookies_are_for_tls_and_the_host_alone() {
    let place = place("public = \"https://privity.example\"\n").await;
    let mut ada = owner(&place).await;
    let page = ada.get(&place, "/account").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.headers.contains_key("strict-transport-security"));
    let names: Vec<&str> = ada.cookies.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        names.iter().all(|name| name.starts_with("__Host-")),
        "{names:?}"
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        !policy.contains("unsafe") && policy.contains("default-src 'none'"),
        "{policy}"
    );
    for inline in ["<script>", " style=", " onclick=", "<style"] {
        assert!(!page.text.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn a_key_is_shown_once_works_and_is_revoked() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let fields = [("label", "importer"), ("purpose", "hosting.review")];
    let page = ada.post(&place, "/keys", "/keys", &fields).await;
    let key = shown_code(&page);
    assert!(!ada.get(&place, "/keys").await.text.contains(&key), "once");
    let mut machine = Browser::default();
    let entered = machine
        .post(&place, "/sign-in", "/sign-in/key", &[("secret", &key)])
        .await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    assert_eq!(
        machine.get(&place, "/interactions").await.status,
        StatusCode::OK
    );
    let page = ada.get(&place, "/keys").await;
    let (_, rest) = page.text.split_once("/keys/key_").unwrap();
    let path = format!("/keys/key_{}", rest.split('"').next().unwrap());
    ada.post(&place, "/keys", &path, &[]).await;
    let after = machine.get(&place, "/interactions").await;
    assert_eq!(
        after.status,
        StatusCode::SEE_OTHER,
        "its sessions end with it"
    );
}

/// The overview is asked for by period, channel and team, and its form and links keep all three.
#[tokio::test]
async fn the_overview_is_of_one_team_where_the_address_says_so() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let tenant = place.tenant.id;
    let of = |purpose: Purpose| {
        place
            .app
            .local_scope(tenant, domain::TenantRole::Analyst, purpose)
    };
    let mut ids = Vec::new();
    for number in 1..=3 {
        let chat = CHAT.replace("c-1", &format!("c-{number}"));
        let order = app::IntakeOrder::default();
        let taken = place
            .app
            .take_in(&of(Purpose::Storage), chat.into(), &order)
            .await
            .unwrap();
        let app::Outcome::Taken { id, .. } = taken[0] else {
            panic!("{taken:?}")
        };
        ids.push(id);
    }
    let days = "from=2026-10-01&to=2026-10-31";
    let bare = ada.get(&place, &format!("/?{days}")).await;
    assert!(!bare.text.contains("name=\"team\""), "nobody has a team");
    for (team, ids) in [("team: billing", &ids[..2]), ("team: field", &ids[2..])] {
        let label = Secret::new(team);
        place
            .app
            .label(&of(Purpose::Review), ids, &label)
            .await
            .unwrap();
    }
    let whole = ada.get(&place, &format!("/?{days}")).await;
    assert!(whole.text.contains("<b>3</b>"), "{}", whole.text);
    let (before, _) = whole.text.split_once("\">billing</option>").unwrap();
    let key = before.rsplit('"').next().unwrap().to_owned();
    assert!(
        key.bytes().all(|b| b.is_ascii_hexdigit()),
        "no word is in an address: {key}"
    );

    let path = format!("/?{days}&channel=chat&team={key}");
    let one = ada.get(&place, &path).await;
    assert!(one.text.contains("<b>2</b>"), "{}", one.text);
    assert!(one.text.contains("team: billing"), "a chip says so");
    assert!(
        one.text.contains("name=\"channel\" value=\"chat\""),
        "the form keeps the channel"
    );
    let behind = format!("/interactions?{days}&#38;channel=chat&#38;team={key}");
    let behind = behind.replace("2026-10-01&to", "2026-10-01&#38;to");
    assert!(one.text.contains(&behind), "{behind}: {}", one.text);
    let list = ada.get(&place, &behind.replace("&#38;", "&")).await;
    assert!(list.text.contains(&ids[0].to_string()));
    assert!(!list.text.contains(&ids[2].to_string()), "of another team");
}

/// A coach fills a form in, notes a moment and asks the agent to listen; the agent answers on
/// their own page; nobody else sees it.
#[tokio::test]
async fn a_coach_and_an_agent_work_on_one_conversation() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let scope = place.app.local_scope(
        place.tenant.id,
        domain::TenantRole::Analyst,
        Purpose::Storage,
    );
    let order = app::IntakeOrder::default();
    let taken = place
        .app
        .take_in(&scope, CHAT.as_bytes().to_vec(), &order)
        .await
        .unwrap();
    let app::Outcome::Taken { id, .. } = taken[0] else {
        panic!("{taken:?}")
    };
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let at = format!("/interactions/{id}");
    let mut cole = invited(&place, &mut ada, "Cole Coach", "cole@acme.example", "coach").await;
    let mut priya = invited(
        &place,
        &mut ada,
        "Priya Nair",
        "priya@acme.example",
        "agent",
    )
    .await;
    let mut owen = invited(
        &place,
        &mut ada,
        "Owen Hughes",
        "owen@acme.example",
        "agent",
    )
    .await;

    let text = "form = \"Quality.Chat\"\n[[question]]\nname = \"Says sorry\"\nask = \"yes_no\"\n\
                [[question]]\nname = \"Why\"\nask = \"text\"\n";
    let fields = [("text", text), ("reason", "first"), ("act", "publish")];
    let made = cole
        .post(&place, "/categories", "/categories", &fields)
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = cole.get(&place, &at).await;
    let (_, rest) = page
        .text
        .split_once("/fill?form=")
        .expect("the form is offered");
    let form = rest.split('"').next().unwrap().to_owned();
    let fill = format!("{at}/fill?form={form}");
    let beside = cole.get(&place, &fill).await;
    assert!(
        beside.text.contains("[CARD]") && beside.text.contains("Says sorry"),
        "beside the words"
    );
    let path = format!("{at}/fill");
    let again = cole
        .post(
            &place,
            &fill,
            &path,
            &[("form", &form), ("q1", "kept words")],
        )
        .await;
    assert!(
        again.text.contains("has no answer") && again.text.contains("kept words"),
        "{}",
        again.text
    );
    let done = [("form", form.as_str()), ("q0", "no"), ("q1", "")];
    let done = cole.post(&place, &fill, &path, &done).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);

    let note = [
        ("at", "0:36"),
        ("kind", "comment"),
        ("text", "kindly <b>put</b>"),
    ];
    let noted = cole
        .post(&place, &at, &format!("{at}/moments"), &note)
        .await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text);
    let page = priya.get(&place, &at).await;
    assert!(
        page.text.contains("kindly &#60;b&#62;put"),
        "escaped, and seen by the agent: {}",
        page.text
    );
    assert!(!page.text.contains("/assign\""), "an agent asks nobody");

    let people = cole.get(&place, &at).await.text;
    let (_, rest) = people.split_once("<select id=\"asked\"").unwrap();
    let who = rest.split("</select>").next().unwrap();
    assert!(
        who.contains("Priya Nair") && !who.contains("Owen Hughes"),
        "{who}"
    );
    let (before, _) = who.split_once("\">Priya Nair").unwrap();
    let user = before.rsplit('"').next().unwrap().to_owned();
    let ask = [
        ("person", user.as_str()),
        ("from", "0:00"),
        ("until", "0:36"),
        ("note", "the pause"),
    ];
    let asked = cole.post(&place, &at, &format!("{at}/assign"), &ask).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);

    let mine = priya.get(&place, "/coaching").await;
    assert!(
        mine.text.contains("the pause") && mine.text.contains("Quality.Chat"),
        "{}",
        mine.text
    );
    assert!(
        !owen
            .get(&place, "/coaching")
            .await
            .text
            .contains("the pause")
    );
    let (_, rest) = mine.text.split_once("/coaching/asg_").unwrap();
    let step = format!("/coaching/asg_{}", rest.split('"').next().unwrap());
    let heard = priya
        .post(&place, "/coaching", &step, &[("act", "listened")])
        .await;
    assert_eq!(heard.status, StatusCode::SEE_OTHER, "{}", heard.text);
    let (_, rest) = mine.text.split_once("/scoring/fillings/fil_").unwrap();
    let word = format!("/scoring/fillings/fil_{}", rest.split('"').next().unwrap());
    let fields = [("act", "disputed"), ("note", "I did"), ("here", "coaching")];
    let disputed = priya.post(&place, "/coaching", &word, &fields).await;
    assert_eq!(disputed.headers[header::LOCATION], "/coaching");
    let team = cole.get(&place, "/coaching").await;
    assert!(
        team.text.contains("is disputed by the agent"),
        "{}",
        team.text
    );
    let scoring = cole.get(&place, "/scoring").await;
    assert!(scoring.text.contains("I did"), "{}", scoring.text);
    for page in ["/alerts", "/calibration", "/interactions"] {
        assert_eq!(
            cole.get(&place, page).await.status,
            StatusCode::OK,
            "{page}"
        );
    }
    let foreign = owen
        .post(&place, "/coaching", &step, &[("act", "completed")])
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);

    let view = [
        ("name", "Chats"),
        ("here", "/interactions?channel=chat&col=status"),
        ("shared", "yes"),
    ];
    let kept = cole
        .post(&place, "/interactions", "/interactions/views", &view)
        .await;
    assert_eq!(
        kept.headers[header::LOCATION],
        "/interactions?channel=chat&col=status"
    );
    assert!(
        ada.get(&place, "/interactions")
            .await
            .text
            .contains(">Chats</a>")
    );
}
