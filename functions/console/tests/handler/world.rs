//! The console as a browser sees it.

use console::{App, handle};
use lambda_http::http::HeaderMap;
use lambda_http::request;
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::client::{Caller, Scope};

/// The demo client's key with all scopes.
pub(crate) const KEY: &str = "rms_console";

/// The world of a test.
pub(crate) struct Visiting {
    pub(crate) world: HandlerWorld,
    pub(crate) app: App,
    pub(crate) event: HttpEvent,
}

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) form_token: String,
}

impl Page {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get("location");
        location.map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that it sets, as the browser sends it back.
    pub(crate) fn cookie(&self) -> Option<String> {
        let cookie = self.headers.get("set-cookie")?.to_str().unwrap();
        Some(cookie.split(';').next().unwrap().to_owned())
    }

    /// The value of the first field with this name.
    pub(crate) fn field(&self, name: &str) -> String {
        let before = format!(r#"name="{name}" value=""#);
        let (_, rest) = self
            .html
            .split_once(&before)
            .unwrap_or_else(|| panic!("no {name} in {}", self.html));
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// Asserts that the page has each of these texts.
    pub(crate) fn has(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.html.contains(text), "no {text} in {}", self.html);
        }
    }
}

impl Visiting {
    pub(crate) async fn start() -> Self {
        // Boxed: it is large, and every test has one.
        Box::pin(Self::begin()).await
    }

    async fn begin() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("console").unwrap();
        let app = App::new(&world.start_of("console").unwrap()).unwrap();
        let visiting = Self { world, app, event };
        let client = visiting.world.demo.client_id.clone();
        visiting.add_key(KEY, &client, Scope::all().collect()).await;
        visiting
    }

    /// Adds a key of a client with these scopes; its id is `key_` and its last word.
    pub(crate) async fn add_key(&self, key: &str, client: &str, scopes: Vec<Scope>) {
        let caller = Caller {
            client_id: client.parse().unwrap(),
            key_id: key.replacen("rms", "key", 1),
            scopes,
            expires_at: None,
        };
        self.world.add_key(key, "test", &caller).await.unwrap();
    }

    /// What the gateway sends for a request of a browser.
    fn request(&self, method: &str, place: &str, cookie: Option<&str>) -> HttpEvent {
        let (path, query) = place.split_once('?').unwrap_or((place, ""));
        let event = self.event.clone().asking(method, path, query);
        event
            .with_cookie(cookie)
            .with_header("accept-encoding", None)
    }

    pub(crate) async fn send(&self, event: &HttpEvent) -> Page {
        let request = request::from_str(&event.to_string()).unwrap();
        let answer = handle(&self.app, request).await;
        Page {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            html: String::from_utf8_lossy(answer.body().as_ref()).into_owned(),
        }
    }

    /// A page that nobody is signed in for.
    pub(crate) async fn get(&self, place: &str) -> Page {
        self.send(&self.request("GET", place, None)).await
    }

    /// A form of nobody, from the console itself.
    pub(crate) async fn post(&self, place: &str, fields: &[(&str, &str)]) -> Page {
        self.send(&self.form(place, None, fields)).await
    }

    /// The event of a form.
    pub(crate) fn form(
        &self,
        place: &str,
        cookie: Option<&str>,
        fields: &[(&str, &str)],
    ) -> HttpEvent {
        let host = self.event.header("host").unwrap();
        let event = self.request("POST", place, cookie).with_form(fields);
        event.with_header("origin", Some(&format!("https://{host}")))
    }

    /// Signs in with a key.
    pub(crate) async fn sign_in(&self, key: &str) -> Browser {
        let page = self.post("/console/sign-in", &[("key", key)]).await;
        assert_eq!(
            (page.status, page.location()),
            (303, "/console"),
            "{page:?}"
        );
        self.entered(&page).await
    }

    /// The browser that a page let in.
    pub(crate) async fn entered(&self, page: &Page) -> Browser {
        let cookie = page.cookie().unwrap();
        let home = self
            .send(&self.request("GET", "/console", Some(&cookie)))
            .await;
        assert_eq!(home.status, 200, "{home:?}");
        Browser {
            form_token: home.field("form_token"),
            cookie,
        }
    }

    /// Signs in as the demo client with all scopes.
    pub(crate) async fn demo(&self) -> Browser {
        self.sign_in(KEY).await
    }

    /// Opens a page.
    pub(crate) async fn open(&self, browser: &Browser, place: &str) -> Page {
        let request = self.request("GET", place, Some(&browser.cookie));
        self.send(&request).await
    }

    /// Sends a form of the session.
    pub(crate) async fn submit(
        &self,
        browser: &Browser,
        place: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let token = ("form_token", browser.form_token.as_str());
        let fields = [&[token], fields].concat();
        self.send(&self.form(place, Some(&browser.cookie), &fields))
            .await
    }
}
