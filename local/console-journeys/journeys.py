"""The journeys of a person who has never seen RMS, in Chromium, and a check of each screen with axe."""

import json
import re
import shutil
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
STACK = json.loads((ROOT / ".local/stack.json").read_text())
PICTURES = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs/console"
CONSOLE = STACK["consoleUrl"]
# Levels A and AA.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
VIEWS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 700}},
}
takes_pictures = "--pictures" in sys.argv
violations = []


def call(method, url, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", **(headers or {})}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def api(method, path, body=None):
    return call(method, STACK["baseUrl"] + path, body, {"x-api-key": STACK["apiKey"]})


def code_of(view):
    """A status code of the view's own."""
    return f"CLEARED_{view.upper()}"


def an_order():
    """A label with all its pushes, pushes with unknown codes, and a return order."""
    label = json.loads((ROOT / "docs/examples/label.json").read_text())
    bought = api("POST", "/shipping-labels", label)
    advance = STACK["simulatorUrl"] + "/magic/advance"
    call("POST", advance, {"awb": bought["awb"], "to": "DELIVERED"})
    magic = STACK["accounts"]["magic"]
    for code in ["HELD_AT_CUSTOMS", *[code_of(view) for view in VIEWS]]:
        unknown = {
            "forwardOrderCode": bought["orderNumber"], "notificationType": code, "shipmentType": "FORWARD",
            "logisticAggregatorName": "NARVAR",
        }
        call("POST", magic["pushUrl"], unknown, magic["headers"])
    returned = {
        "forwardOrderCode": bought["orderNumber"], "returnOrderCode": "R-100078", "locationCode": "wh-1",
        "orderType": "SELF_SHIP",
        "orderItems": [{"itemCode": "I-1", "reason": "Too small", "channelSkuCode": "SKU-RED-M"}],
    }
    api("POST", "/return/return-orders", returned)
    return bought


class Visit:
    """A browser with one view."""

    def __init__(self, browser, view, script=True):
        self.view = view
        self.context = browser.new_context(java_script_enabled=script, **VIEWS[view])
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: violations.append(f"{view}: script failed: {error}"))

    def hear(self, message):
        # A page with a status of 4xx is one that was asked for.
        if message.type == "error" and "status of 4" not in message.text:
            violations.append(f"{self.view}: {self.page.url}: {message.text}")

    def open(self, place):
        self.page.goto(CONSOLE + place)

    def sign_in(self):
        self.open("/sign-in")
        self.page.get_by_label("API key").fill(STACK["apiKey"])
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", name="What are you looking for?").wait_for()

    def go(self, section):
        """Leads to a section, by the menu if there is one."""
        menu = self.menu()
        if menu.is_visible():
            menu.click()
        self.page.get_by_role("link", name=section, exact=True).first.click()

    def menu(self):
        return self.page.locator(".menu summary")

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for(timeout=10_000)

    def look(self, name):
        """Checks the present screen, and keeps a picture of it."""
        self.page.wait_for_load_state("networkidle")
        found = Axe().run(self.page, options=RULES).response["violations"]
        for violation in found:
            for node in violation["nodes"]:
                violations.append(f"{self.view}: {name}: {violation['id']}: {node['html'][:160]} {node['failureSummary']}")
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            violations.append(f"{self.view}: {name} is {width} pixels too wide")
        if takes_pictures:
            self.picture(name)

    def picture(self, name):
        from PIL import Image

        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}-{self.view}.png"
        self.page.screenshot(path=path, full_page=True)
        # A palette makes the pictures small.
        with Image.open(path) as picture:
            cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, 1600)))
        cut.quantize(64).save(path, optimize=True)


def set_up(visit):
    """Sign in, add an account, check it, add an endpoint, test it."""
    simulator, password = STACK["simulatorUrl"], STACK["accounts"]["clickpost"]["password"]
    alias = f"mine-{visit.view}"
    visit.open("/sign-in")
    visit.look("sign-in")
    visit.sign_in()
    visit.look("home")
    visit.go("Accounts")
    visit.page.get_by_role("link", name="Add an account").click()
    visit.look("new-account")
    visit.page.get_by_role("link", name="CLICKPOST").click()
    visit.page.get_by_label("Alias").fill(alias)
    visit.page.get_by_label("username").fill("rms")
    visit.page.get_by_label("key", exact=True).fill(password)
    visit.page.get_by_label("baseUrl").fill(f"{simulator}/clickpost/api")
    visit.look("account-form")
    visit.press("Add the account")
    visit.sees("Created.")
    visit.press("Check it")
    visit.page.get_by_role("status").first.wait_for()
    visit.look("account")
    visit.go("Endpoints")
    visit.look("endpoints")
    visit.page.get_by_role("link", name="Add an endpoint").click()
    visit.page.get_by_label("Id", exact=True).fill(alias)
    visit.page.get_by_label("URL", exact=True).fill(f"{STACK['sinkUrl']}/{alias}")
    visit.look("endpoint-form")
    visit.press("Add the endpoint")
    visit.sees("The signing secret.")
    visit.press("Send a test")
    visit.sees("The sample was accepted with status 200")
    visit.look("endpoint")
    visit.open(f"/endpoints/{alias}/edit")
    visit.page.get_by_label("URL", exact=True).fill("http://10.0.0.1/")
    visit.press("Save")
    visit.page.get_by_role("alert").wait_for()
    visit.look("endpoint-error")


def use_menu(visit):
    """A narrow page has its sections in a menu of one row, which the keyboard opens; it says where one is."""
    visit.open("/problems")
    menu, link = visit.menu(), visit.page.get_by_role("link", name="Audit", exact=True)
    if visit.view != "narrow":
        expect_that(visit, "the sections are shown without a menu", link.is_visible() and not menu.is_visible())
        return
    row = visit.page.get_by_role("navigation", name="Sections").bounding_box()["height"]
    expect_that(visit, f"the closed menu has one row, not {row} pixels", row < 50)
    expect_that(visit, f"the menu says where one is, not {menu.inner_text()!r}", "Problems" in menu.inner_text())
    expect_that(visit, "the closed menu has no links", not link.is_visible())
    menu.focus()
    visit.page.keyboard.press("Enter")
    link.wait_for()
    visit.look("menu")
    here = visit.page.get_by_role("link", name="Problems", exact=True).first.get_attribute("aria-current")
    expect_that(visit, "the present section is marked", here == "page")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("heading", name="Overview").wait_for()
    expect_that(visit, "the menu of the next page is closed", not link.is_visible())


def expect_that(visit, what, is_so):
    if not is_so:
        violations.append(f"{visit.view}: it is not so that {what}")


def find(visit, order):
    """The key for the field, an AWB, the shipment, a notification, a copy."""
    visit.open("")
    visit.page.keyboard.press("/")
    visit.page.keyboard.type(order["awb"])
    visit.page.keyboard.press("Enter")
    visit.sees("What happened")
    visit.look("shipment")
    visit.page.get_by_role("button", name="Copy").first.click()
    visit.sees("Copied")
    visit.page.get_by_role("link", name="DELIVERED", exact=True).first.click()
    visit.sees("As pushed")
    visit.look("notification")


def map_status(visit):
    """Say what a code means, and forward what is stored with it."""
    code = code_of(visit.view)
    visit.go("Unmapped statuses")
    visit.sees("not mapped")
    visit.look("unmapped-statuses")
    visit.page.get_by_role("link", name=code).click()
    visit.sees("Say first what the code means")
    visit.look("unmapped-status")
    visit.page.get_by_label("Notification type").select_option("TRANSIT")
    visit.press("Save")
    visit.sees("forward below what is stored")
    visit.press("Count")
    visit.sees("stored with this code")
    visit.look("replay")
    visit.press("Forward them as TRANSIT")
    visit.sees("deliveries are queued")


def sink(status):
    call("PUT", STACK["sinkUrl"] + "/behaviour", {"status": status})


def push(order, word, number):
    magic = STACK["accounts"]["magic"]
    body = {
        "eventId": f"{order}-{number}", "forwardOrderCode": order, "notificationType": word, "shipmentType": "FORWARD",
        "logisticAggregatorName": "NARVAR",
    }
    call("POST", magic["pushUrl"], body, magic["headers"])


def label_for(order, alias):
    """Asks for a label that cannot be made; returns the status of the answer."""
    label = json.loads((ROOT / "docs/examples/label.json").read_text())
    label["orderDetails"]["orderNumber"] = order
    label["logisticAccountAlias"] = alias
    label["courierId"] = 4
    try:
        api("POST", "/shipping-labels", label)
        return 200
    except urllib.error.HTTPError as error:
        return error.code


def settle(visit):
    """An order in doubt: found among the problems, and settled."""
    order = f"doubt-{visit.view}"
    call("PUT", STACK["simulatorUrl"] + "/magic/faults", {"next": [{"call": "generateShippingLabel", "kind": "reset"}]})
    expect(visit, label_for(order, "magic"), 504)
    visit.open("/problems")
    visit.sees("Orders in doubt")
    visit.page.get_by_role("link", name=f"Settle {order}").click()
    visit.sees("its outcome is unknown")
    visit.look("doubt")
    visit.page.get_by_label("AWB", exact=True).fill(f"7190-{visit.view}")
    visit.press("Settle")
    visit.sees("The order is settled.")


def read_refusal(visit):
    """A label that the aggregator refuses: the shipment says why."""
    order = f"unserved-{visit.view}"
    fault = {"call": "generateShippingLabel", "kind": "refuse", "message": "no courier goes to 395007"}
    call("PUT", STACK["simulatorUrl"] + "/magic/faults", {"next": [fault]})
    expect(visit, label_for(order, "magic"), 422)
    visit.open(f"/shipment?order={order}")
    visit.sees("The aggregator refused the last request: NOT_SERVICEABLE: no courier goes to 395007")
    visit.look("refused")


def replace_credentials(visit):
    """An account whose key the aggregator refuses: found among the problems, and mended."""
    alias = f"mine-{visit.view}"
    change_key(visit, alias, "not-the-key")
    expect(visit, label_for(f"refused-{visit.view}", alias), 502)
    visit.open("/problems")
    visit.sees("Refused credentials")
    visit.look("problems-refused")
    visit.page.get_by_role("link", name=f"Enter new credentials of {alias}").click()
    change_key(visit, alias, STACK["accounts"]["clickpost"]["password"])
    visit.press("Check it")
    visit.sees("The aggregator accepts the account")
    visit.open("/problems")
    if visit.page.get_by_text("Refused credentials").count():
        violations.append(f"{visit.view}: the mended account is still listed")


def change_key(visit, alias, key):
    visit.open(f"/accounts/{alias}/edit")
    visit.page.get_by_label("key", exact=True).fill(key)
    visit.press("Save")
    visit.sees("Saved. The change applies to what comes from now on.")


def expect(visit, status, wanted):
    if status != wanted:
        violations.append(f"{visit.view}: a label was answered {status}, not {wanted}")


def recover(visit):
    """A system that is gone: its endpoint is disabled; it is resumed, and what failed is counted, downloaded and recovered."""
    order = f"recover-{visit.view}"
    sink(410)
    push(order, "UNDELIVERED", 1)
    for _ in range(60):
        if api("GET", "/messages?endpointId=demo-sink&status=failed")["messages"]:
            break
        time.sleep(1)
    sink(200)
    visit.open("/problems")
    visit.sees("Endpoints that receive nothing")
    visit.look("problems")
    visit.page.get_by_role("link", name="demo-sink", exact=True).first.click()
    visit.press("Resume")
    visit.sees("Resumed: new messages are sent again.")
    visit.press("Count")
    visit.sees(re.compile("failed (delivery matches|deliveries match)"))
    visit.look("recover")
    for ending in ["XLSX", "CSV"]:
        with visit.page.expect_download() as download:
            visit.page.get_by_role("link", name=ending).click()
        if download.value.suggested_filename != f"failed-demo-sink.{ending.lower()}":
            violations.append(f"{visit.view}: downloaded {download.value.suggested_filename}")
    visit.press("Queue them again")
    visit.sees(re.compile("(delivery is|deliveries are) queued again"))
    for _ in range(60):
        if not api("GET", "/messages?endpointId=demo-sink&status=failed")["messages"]:
            break
        time.sleep(1)
    visit.open("/endpoints/demo-sink")
    visit.look("endpoint-day")


def others(visit, order):
    """All other screens."""
    for name, place in [
        ("nothing", "/find?q=nothing-of-this-name"),
        ("overview", "/overview"),
        ("unmapped", "/problems/unmapped"),
        ("exceptions", "/problems/exceptions"),
        ("still", "/problems/still?alias=magic"),
        ("messages", f"/messages?subject={order['orderNumber']}"),
        ("returns", "/returns"),
        ("return", "/returns/one?code=R-100078"),
        ("accounts", "/accounts"),
        ("channels", "/channels"),
        ("channel", "/channels/shopify"),
        ("keys", "/keys"),
        ("audit", "/audit"),
        ("link", "/link?token=1"),
        ("problem", "/endpoints/none"),
    ]:
        visit.open(place)
        visit.look(name)


def without_script(browser, order):
    visit = Visit(browser, "narrow", script=False)
    visit.sign_in()
    visit.go("Audit")
    visit.page.get_by_role("heading", name="Audit").wait_for()
    visit.page.get_by_label("Find an order number").fill(order["orderNumber"])
    visit.press("Find")
    visit.sees("What happened")
    visit.press("Sign out")
    visit.page.get_by_label("API key").wait_for()


def main():
    order = an_order()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for view in VIEWS:
            visit = Visit(browser, view)
            set_up(visit)
            use_menu(visit)
            find(visit, order)
            map_status(visit)
            settle(visit)
            read_refusal(visit)
            replace_credentials(visit)
            recover(visit)
            others(visit, order)
            print(f"{view}: all journeys went through")
        without_script(browser, order)
        print("without script: found and signed out")
    for violation in violations:
        print(violation)
    sys.exit(1 if violations else 0)


main()
