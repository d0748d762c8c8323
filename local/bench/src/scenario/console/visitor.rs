//! A browser that is signed in, and a program that asks the API for the same.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use local::stack::Stack;
use reqwest::RequestBuilder;
use serde_json::Value;
use simulators::http_client;

use crate::scenario::console::pages::Page;

/// The demo's client in a browser, and as a program.
pub(in crate::scenario) struct Visitor {
    browser: reqwest::Client,
    base_url: String,
    api_key: String,
    cookie: String,
}

/// What a browser loads for the first page.
pub(super) struct FirstPage {
    /// The page, and each file that it names.
    pub(super) requests: u64,
    pub(super) script_bytes: usize,
}

impl Visitor {
    /// Signs in with the demo's key.
    pub(in crate::scenario) async fn sign_in(stack: &Stack) -> anyhow::Result<Self> {
        let demo = stack.demo().context("the stack has no demo")?;
        let browser = http_client::client()?;
        let base_url = stack.base_url().to_owned();
        let form = format!("key={}", demo.api_key);
        let answer = browser
            .post(format!("{base_url}/console/sign-in"))
            .header("origin", &base_url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await?;
        let cookie = answer.headers().get("set-cookie");
        let cookie = cookie
            .context("the console refused the sign-in")?
            .to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self {
            browser,
            base_url,
            api_key: demo.api_key.clone(),
            cookie,
        })
    }

    fn page(&self, place: &str) -> RequestBuilder {
        let request = self.browser.get(format!("{}{place}", self.base_url));
        let request = request.header("cookie", &self.cookie);
        request.header("accept-encoding", "gzip")
    }

    /// Opens a page and returns how long it took.
    pub(in crate::scenario) async fn open(&self, page: &Page) -> anyhow::Result<Duration> {
        let began = Instant::now();
        self.load(&page.place).await?;
        Ok(began.elapsed())
    }

    /// The size of a page, packed.
    pub(super) async fn size(&self, page: &Page) -> anyhow::Result<usize> {
        Ok(self.load(&page.place).await?.len())
    }

    async fn load(&self, place: &str) -> anyhow::Result<Vec<u8>> {
        let answer = self.page(place).send().await?;
        let status = answer.status();
        let bytes = answer.bytes().await?;
        ensure!(status == 200, "{place} answered {status}");
        Ok(bytes.to_vec())
    }

    /// Asks the API for what a page shows and returns how long that took.
    pub(in crate::scenario) async fn ask(&self, page: &Page) -> anyhow::Result<Duration> {
        let began = Instant::now();
        for route in &page.routes {
            let request = self.browser.get(format!("{}{}", self.base_url, route.path));
            let answer = request.bearer_auth(&self.api_key).send().await?;
            let status = answer.status();
            answer.bytes().await?;
            ensure!(status == 200, "{} answered {status}", route.path);
        }
        Ok(began.elapsed())
    }

    /// Loads the first page of a visitor who is not signed in, and what it names.
    pub(super) async fn first_page(&self) -> anyhow::Result<FirstPage> {
        let url = format!("{}/console/sign-in", self.base_url);
        let html = self.browser.get(url).send().await?.text().await?;
        let script = named(&html, "<script src=\"").context("the page has no script")?;
        let script_bytes = self.load(script).await?.len();
        let files = ["<script", "<link rel=\"stylesheet\"", "<img", "<iframe"];
        let files: usize = files.iter().map(|tag| html.matches(tag).count()).sum();
        Ok(FirstPage {
            requests: 1 + u64::try_from(files)?,
            script_bytes,
        })
    }
}

/// The id of a notification of an order.
pub(super) async fn a_notification(stack: &Stack, order: &str) -> anyhow::Result<String> {
    let demo = stack.demo().context("the stack has no demo")?;
    let url = format!("{}/notifications?orderNumber={order}", stack.base_url());
    let request = http_client::client()?.get(url).bearer_auth(&demo.api_key);
    let listed: Value = request.send().await?.json().await?;
    let id = listed.pointer("/notifications/0/notificationId");
    let id = id.and_then(Value::as_str);
    Ok(id.context("the order has no notification")?.to_owned())
}

/// What stands between `before` and the next quotation mark.
fn named<'a>(html: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(before)?;
    Some(rest.split_once('"')?.0)
}
