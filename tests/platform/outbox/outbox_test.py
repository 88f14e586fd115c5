"""Messages on their way: a mail server and a webhook's server on loopback, the outbox between."""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import shutil
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "house"))
import house  # noqa: E402

PROBE = sys.argv[1]
NOW = 1790000000000
MINUTE = 60_000


class MailHandler(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.tls = False
        self.say("220 test")
        while True:
            line = self.rfile.readline().decode("ascii").strip()
            if not line:
                return
            self.server.lines.append(line)
            verb = line.split()[0].upper()
            if getattr(self, "do_" + verb, lambda _: self.say("250 ok"))(line) is False:
                return

    def do_EHLO(self, _):
        offers = ["test"]
        if self.server.tls and not self.tls:
            offers.append("STARTTLS")
        if self.tls:
            offers.append("AUTH PLAIN")
        for i, offer in enumerate(offers):
            self.say(("250-" if i + 1 < len(offers) else "250 ") + offer)

    def do_STARTTLS(self, _):
        self.say("220 go on")
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.tls = True

    def do_AUTH(self, line):
        words = line.split()
        given = words[2] if len(words) > 2 else None
        if given is None:
            self.say("334 ")
            given = self.rfile.readline().decode().strip()
        good = base64.b64decode(given) == b"\0sampan\0geheim"
        self.say("235 ok" if good else "535 5.7.8 no")

    def do_RCPT(self, line):
        address = line.split("<")[1].split(">")[0]
        self.say(self.server.refusals.get(address, "250 ok"))

    def do_DATA(self, _):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.mails.append(b"".join(lines))
        self.server.got_mail.set()
        if self.server.hangs:
            time.sleep(30)
            return False
        self.say(self.server.data_answer)

    def do_QUIT(self, _):
        self.say("221 bye")
        return False


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass  # whoever spoke was killed

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.port = self.server_address[1]
        self.lines, self.mails, self.posts, self.refusals = [], [], [], {}
        self.tls, self.hangs, self.data_answer = None, False, "250 ok"
        self.got_mail = threading.Event()
        self.answers = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class HookHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, dict(self.headers), json.loads(body)))
        path = self.path.split("?")[0]
        status, answer = self.server.answers.get(path, (200, {"errcode": 0, "errmsg": "ok", "code": 0}))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


class Site:
    """A folder with its configuration, and the probe on it."""

    def __init__(self, config=None):
        self.folder = tempfile.mkdtemp(prefix="sampan-outbox-")
        if config is not None:
            with open(os.path.join(self.folder, "site.json"), "w", encoding="utf-8") as file:
                json.dump(config, file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def start(self, *commands, now=0):
        return subprocess.Popen(
            [PROBE, self.folder, str(NOW + now), *commands],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )

    def run(self, *commands, now=0):
        probe = self.start(*commands, now=now)
        out, err = probe.communicate(timeout=120)
        house.expect(probe.returncode == 0, err)
        return out.splitlines()

    def rows(self, *commands, now=0):
        """Of `list`: id, channel, state, attempts, ms until the next attempt, code, detail."""
        lines = self.run(*commands, "list", now=now)
        return [line.split(" ", 6) for line in lines if line[0].isdigit()]


def mail_config(server, **more):
    return {"mail": {"host": "127.0.0.1", "port": server.port, "security": "none",
                     "from": "sampan@college.example", "from_name": "舢板", **more}}


def a_mail_is_sent_once():
    server = Server(MailHandler)
    with Site(mail_config(server)) as site:
        subject = "实习申请已收到：请在三个工作日内确认你的岗位与导师安排，谢谢"
        body = "同学你好：\n.\n..两点\nFrom here on = equal\n"
        rows = site.rows("mail", "ana@student.example", subject, body, "settle")
        house.expect_equal([row[1:6] for row in rows], [["mail", "sent", "1", "-1", "-"]])
        site.run("settle", now=60 * MINUTE)
        house.expect_equal(len(server.mails), 1)
        raw = server.mails[0]
        house.expect(max(len(line) for line in raw.split(b"\r\n")) <= 78, "a line is too long")
        house.expect(raw.isascii() and b"\n" not in raw.replace(b"\r\n", b""), "bare line ends")
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        house.expect_equal(str(mail["Subject"]), subject)
        house.expect_equal(mail["From"].addresses[0].display_name, "舢板")
        house.expect_equal(mail["From"].addresses[0].addr_spec, "sampan@college.example")
        house.expect_equal(mail["To"].addresses[0].addr_spec, "ana@student.example")
        house.expect_equal(mail["Date"].datetime.timestamp() * 1000, NOW)
        house.expect_equal(mail["Message-ID"], f"<{rows[0][0]}.7@college.example>")
        house.expect_equal(mail.get_content().replace("\r\n", "\n"), body)
        house.expect_equal(list(mail.defects), [])


def headers_cannot_be_injected():
    server = Server(MailHandler)
    with Site(mail_config(server)) as site:
        said = site.run(
            "mail", "ana@student.example\r\nBcc: all@college.example", "s", "b",
            "mail", "ana@student.example", "s\r\nBcc: all@college.example", "b",
            "mail", "ana@student.example", "s\nX: y", "b",
            "mail", "ana@student.example>\r\nDATA", "s", "b",
            "mail", "ana bo@student.example", "s", "b",
            "mail", "ana@student.example,bo@student.example", "s", "b",
            "copy", "Ana\nBo", "s", "b", "settle", "list",
        )
        house.expect_equal(said, [
            "ERR_MAIL_ADDRESS recipient", "ERR_TEXT_CONTROL subject", "ERR_TEXT_CONTROL subject",
            "ERR_MAIL_ADDRESS recipient", "ERR_MAIL_ADDRESS recipient", "ERR_MAIL_ADDRESS recipient",
            "ERR_TEXT_CONTROL recipient"])
        house.expect_equal(server.mails, [])


def a_refused_address_bounces_and_stays_marked():
    server = Server(MailHandler)
    server.refusals = {"gone@student.example": "550 5.1.1 no such user here",
                       "full@student.example": "552 5.2.2 mailbox full",
                       "later@student.example": "451 4.7.1 greylisted"}
    with Site(mail_config(server)) as site:
        words = []
        for who in ("gone", "full", "later"):
            words += ["mail", f"{who}@student.example", "s", "b"]
        rows = {row[0]: row[1:] for row in site.rows(*words, "settle")}
        outcome = sorted((row[1], row[4], row[5]) for row in rows.values())
        house.expect_equal(outcome, [
            ("bounced", "ERR_MAIL_BOUNCED", "550 5.1.1 no such user here"),
            ("failed", "ERR_SEND_REFUSED", "552 5.2.2 mailbox full"),
            ("waiting", "ERR_SEND_AGAIN", "451 4.7.1 greylisted")])
        # A later one says so at once, in whatever letters, and nobody is asked.
        server.lines.clear()
        later = site.run("mail", "Gone@Student.example", "s", "b")[0].split()[1]
        rows = {row[0]: row[1:] for row in site.rows("settle")}
        house.expect_equal(rows[later][1:3] + rows[later][4:],
                           ["bounced", "0", "ERR_MAIL_BOUNCED", "550 5.1.1 no such user here"])
        house.expect_equal(server.lines, [])
        # The address was mended: by hand it goes out.
        server.refusals = {}
        house.expect_equal(site.run("retry", later, "settle"), [f"ok {later}"])
        rows = {row[0]: row[1:] for row in site.rows("list")}
        house.expect_equal(rows[later][1], "sent")
        house.expect_equal(site.run("retry", later)[0].split()[0], "ERR_STALE")


def a_server_that_is_down_is_tried_again():
    server = Server(MailHandler)
    with Site(mail_config(server)) as site:
        server.shutdown()
        server.server_close()
        rows = site.rows("mail", "ana@student.example", "s", "b", "settle")
        house.expect_equal(rows[0][2:6], ["waiting", "1", str(MINUTE), "ERR_SEND_AGAIN"])
        rows = site.rows("settle", now=MINUTE - 1)
        house.expect_equal(rows[0][3], "1")
        rows = site.rows("settle", now=MINUTE)
        house.expect_equal(rows[0][2:5], ["waiting", "2", str(2 * MINUTE)])
        again = Server(MailHandler)
        with open(os.path.join(site.folder, "site.json"), "w", encoding="utf-8") as file:
            json.dump(mail_config(again), file)
        rows = site.rows("settle", now=3 * MINUTE)
        house.expect_equal(rows[0][2:6], ["sent", "3", "-1", "-"])
        house.expect_equal(len(again.mails), 1)


def it_is_given_up_after_twelve_attempts():
    server = Server(MailHandler)
    server.data_answer = "451 4.3.0 try later"
    with Site(mail_config(server)) as site:
        now, waits = 0, []
        rows = site.rows("mail", "ana@student.example", "s", "b", "settle")
        while rows[0][2] == "waiting":
            waits.append(int(rows[0][4]) // MINUTE)
            now += int(rows[0][4])
            rows = site.rows("settle", now=now)
        house.expect_equal(waits, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240])
        house.expect_equal(rows[0][2:], ["failed", "12", "-1", "ERR_SEND_REFUSED", "451 4.3.0 try later"])


def killed_half_way_it_is_sent_again():
    server = Server(MailHandler)
    server.hangs = True
    with Site(mail_config(server)) as site:
        probe = site.start("mail", "ana@student.example", "s", "b", "hang")
        house.expect(server.got_mail.wait(30), "nothing was sent")
        probe.kill()
        probe.communicate()
        server.hangs = False
        house.expect_equal(site.rows()[0][2:4], ["waiting", "1"])
        rows = site.rows("settle", now=5 * MINUTE)
        house.expect_equal(rows[0][2:4], ["sent", "2"])
        ids = [email.message_from_bytes(mail)["Message-ID"] for mail in server.mails]
        house.expect_equal(len(ids), 2)
        house.expect_equal(ids[0], ids[1])


def without_a_mail_server_it_waits_to_be_copied():
    with Site() as site:
        rows = site.rows("mail", "ana@student.example", "s", "b", "copy", "Ana", "s", "b", "settle")
        rows.sort(key=lambda row: row[1])
        house.expect_equal([row[1:6] for row in rows],
                           [["copy", "waiting", "0", "-1", "-"],
                            ["mail", "waiting", "1", "-1", "ERR_MAIL_NONE"]])
        said = site.run("copied", rows[0][0], "copied", rows[1][0], "copied", rows[0][0], "retry", rows[0][0])
        house.expect_equal([line.split()[0] for line in said], ["ok", "ok", "ERR_STALE", "ERR_STALE"])
        house.expect_equal({row[2] for row in site.rows()}, {"copied"})


def certificate(folder):
    if shutil.which("openssl") is None:
        raise house.Skip("no openssl to make a certificate with")
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def starttls_and_password():
    server = Server(MailHandler)
    with tempfile.TemporaryDirectory() as folder:
        server.tls, cert = certificate(folder)
        os.environ["SAMPAN_TEST_PASSWORD"] = "geheim"
        config = mail_config(server, security="starttls", user="sampan",
                             password_env="SAMPAN_TEST_PASSWORD", ca_file=cert, host="localhost")
        with Site(config) as site:
            rows = site.rows("mail", "ana@student.example", "s", "b", "settle")
            house.expect_equal(rows[0][2], "sent")
            os.environ["SAMPAN_TEST_PASSWORD"] = "falsch"
            rows = site.rows("mail", "ana@student.example", "s", "b", "settle")
            waiting = [row for row in rows if row[2] == "waiting"][0]
            house.expect_equal(waiting[5:], ["ERR_SEND_AGAIN", "535 5.7.8 no"])
        # A server whose certificate nobody vouches for gets neither mail nor password.
        del config["mail"]["ca_file"]
        server.lines.clear()
        with Site(config) as site:
            rows = site.rows("mail", "ana@student.example", "s", "b", "settle")
            house.expect_equal(rows[0][2], "waiting")
            house.expect_equal([line.split()[0] for line in server.lines], ["EHLO", "STARTTLS"])
        # Nor does one that offers no encryption.
        server.tls = None
        server.lines.clear()
        with Site(config) as site:
            house.expect_equal(site.rows("mail", "ana@student.example", "s", "b", "settle")[0][2], "waiting")
            house.expect(not [line for line in server.lines if line.startswith(("AUTH", "MAIL"))], server.lines)


def robots_are_spoken_to_as_documented():
    server = Server(HookHandler)
    base = f"http://127.0.0.1:{server.port}"
    with Site({"robots": {"allow_loopback": True}}) as site:
        rows = site.rows(
            "robot", "wecom", base + "/cgi-bin/webhook/send?key=k", "", "标题", "<@all> 正文 \"引号\"",
            "robot", "dingtalk", base + "/robot/send?access_token=t", "SECx", "标题", "正文",
            "robot", "feishu", base + "/open-apis/bot/v2/hook/h", "geheim", "标题", "正文", "settle")
        house.expect_equal([row[2] for row in rows], ["sent"] * 3)
        posts = {post[0].split("?")[0]: post for post in server.posts}
        path, headers, body = posts["/cgi-bin/webhook/send"]
        house.expect_equal(path, "/cgi-bin/webhook/send?key=k")
        house.expect_equal(body, {"msgtype": "text", "text": {"content": "标题\n＜@all> 正文 \"引号\""}})
        house.expect(headers["Content-Type"].startswith("application/json"), headers)
        path, _, body = posts["/robot/send"]
        query = urllib.parse.parse_qs(path.split("?")[1])
        sign = hmac.new(b"SECx", f"{NOW}\nSECx".encode(), hashlib.sha256).digest()
        house.expect_equal(query, {"access_token": ["t"], "timestamp": [str(NOW)],
                                   "sign": [base64.b64encode(sign).decode()]})
        house.expect_equal(body, {"msgtype": "text", "text": {"content": "标题\n正文"}})
        _, _, body = posts["/open-apis/bot/v2/hook/h"]
        sign = hmac.new(f"{NOW // 1000}\ngeheim".encode(), b"", hashlib.sha256).digest()
        house.expect_equal(body, {"timestamp": str(NOW // 1000), "sign": base64.b64encode(sign).decode(),
                                  "msg_type": "text", "content": {"text": "标题\n正文"}})


def what_robots_answer():
    server = Server(HookHandler)
    server.answers = {"/busy": (200, {"errcode": 45009, "errmsg": "api freq out of limit"}),
                      "/wrong": (200, {"errcode": 93000, "errmsg": "invalid webhook url"}),
                      "/down": (502, {}), "/moved": (302, {})}
    base = f"http://127.0.0.1:{server.port}"
    with Site({"robots": {"allow_loopback": True}}) as site:
        words = []
        for path in ("/busy", "/wrong", "/down", "/moved"):
            words += ["robot", "wecom", base + path, "", "s", "b"]
        rows = site.rows(*words, "settle")
        house.expect_equal(sorted(tuple(row[2:3] + row[5:]) for row in rows), [
            ("failed", "ERR_SEND_REFUSED", "93000 invalid webhook url"),
            ("waiting", "ERR_SEND_AGAIN", "45009 api freq out of limit"),
            ("waiting", "ERR_SEND_AGAIN", "HTTP 302"), ("waiting", "ERR_SEND_AGAIN", "HTTP 502")])
        house.expect("/elsewhere" not in [post[0] for post in server.posts], "a redirect was followed")
        # The permission is taken away: what waits is not posted any more.
        os.remove(os.path.join(site.folder, "site.json"))
        server.posts.clear()
        rows = site.rows("settle", now=MINUTE)
        house.expect_equal({row[5] for row in rows}, {"ERR_WEBHOOK", "ERR_SEND_REFUSED"})
        house.expect_equal(server.posts, [])


def webhooks_go_nowhere_else():
    with Site() as site:
        said = site.run(*[word for address in (
            "http://127.0.0.1:80/", "http://qyapi.weixin.qq.com/x", "https://127.0.0.1/x",
            "https://qyapi.weixin.qq.com@evil.example/x", "https://qyapi.weixin.qq.com:22/x",
            "https://evil.example/?qyapi.weixin.qq.com", "https://oapi.dingtalk.com/robot/send",
            "file:///etc/passwd", "https://qyapi.weixin.qq.com/x y", "https://qyapi.weixin.qq.com\\@evil.example/",
        ) for word in ("robot", "wecom", address, "", "s", "b")])
        house.expect_equal(set(said), {"ERR_WEBHOOK address"})
    # A host that may be written to, but whose name points inside.
    with Site({"robots": {"wecom_hosts": ["localhost"]}}) as site:
        rows = site.rows("robot", "wecom", "https://localhost/x", "", "s", "b", "settle")
        house.expect_equal(rows[0][2], "waiting")


def main():
    return house.run([
        a_mail_is_sent_once, headers_cannot_be_injected, a_refused_address_bounces_and_stays_marked,
        a_server_that_is_down_is_tried_again, it_is_given_up_after_twelve_attempts,
        killed_half_way_it_is_sent_again, without_a_mail_server_it_waits_to_be_copied,
        starttls_and_password, robots_are_spoken_to_as_documented, what_robots_answer,
        webhooks_go_nowhere_else])


if __name__ == "__main__":
    sys.exit(main())
