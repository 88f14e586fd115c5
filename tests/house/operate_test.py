"""operate_test.py PROGRAM: what whoever runs a site relies on: a log without secrets, a full disk, copies."""
import base64
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

import house
from visitor import Visitor

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
PASSWORD = "secret-of-the-test-1"
FRESH = "secret-of-the-test-2"


def sampan(*words, code=0):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, env={**os.environ, "LANG": "C"})
    house.expect(done.returncode == code, f"{words}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


def fill(data):
    """A college with an administrator, and an extra person of the same password."""
    secret = data + ".password"
    with open(secret, "w", encoding="utf-8") as file:
        file.write(PASSWORD)
    sampan("organisation", "add", "our-college", "--data", data, "--kind", "college", "--name-en", "Our College")
    sampan("person", "add", "a001", "--data", data, "--organisation", "our-college", "--name", "Ana",
           "--role", "administrator", "--password-file", secret, "--password-stays")


class Served:
    """The program on a data folder; `log` is a file."""

    def __init__(self, data, log):
        self.log = open(log, "wb")
        self.process = subprocess.Popen([PROGRAM, "serve", "--data", data, "--listen", "127.0.0.1:0", "--lang", "en"],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        house.expect("Sampan serves" in line, line)
        self.port = int(re.search(r":(\d+)/", line).group(1))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.read()
        code = self.process.wait(60)
        self.log.close()
        house.expect_equal(code, 0)


def the_log_holds_no_secret():
    with tempfile.TemporaryDirectory(prefix="sampan-operate-") as folder:
        data, log = folder + "/site", folder + "/log"
        fill(data)
        secrets = [PASSWORD, FRESH, "a-wrong-password", "query-secret", "path-secret"]
        with Served(data, log) as served:
            visitor = Visitor(served.port)
            visitor.sign_in("our-college", "a001", "a-wrong-password")
            house.expect_equal(visitor.sign_in("our-college", "a001", PASSWORD), 303)
            (answer, page), form_token = visitor.send("/account", "/account/tokens", {"name": "a tool", "days": "3"})
            shown = page.decode() if answer.status == 200 else visitor.get("/account")[1].decode()
            token = max(re.findall(r"[A-Za-z0-9_-]{30,}", shown.split("<main")[1]), key=len, default="")
            visitor.send("/account", "/account/password", {"old": PASSWORD, "fresh": FRESH, "again": FRESH})
            visitor.get("/people?q=query-secret")
            visitor.get("/nothing/path-secret")
            visitor.ask("GET", "/api/v1/people", headers={"Authorization": "Bearer header-secret"})
            visitor.ask("POST", "/sign-in", "password=" + PASSWORD, {"Content-Type": "text/plain"})
            secrets += list(visitor.cookies.values()) + [form_token, "header-secret"] + ([token] if token else [])
        with open(log, encoding="utf-8") as file:
            text = file.read()
        lines = [json.loads(line) for line in text.splitlines()]
        house.expect(len(lines) >= 9, f"{len(lines)} lines")
        for line in lines:
            for name in ("time_ms", "request", "method", "route", "status", "us", "bytes", "person"):
                house.expect(name in line, f"{name} is not in {line}")
        house.expect(any(line["person"] not in (0, "0") for line in lines), "nobody was signed in")
        house.expect(any(line["status"] == 404 for line in lines), "no 404")
        for secret in secrets:
            forms = (secret, urllib.parse.quote(secret, ""), base64.b64encode(secret.encode()).decode())
            if len(secret) >= 8:
                house.expect(not any(one in text for one in forms), f"the log holds {secret!r}")


def a_full_disk_reads_on_and_loses_nothing():
    if os.geteuid() != 0:
        raise house.Skip("a small file system needs root")
    with tempfile.TemporaryDirectory(prefix="sampan-operate-") as folder:
        data = folder + "/small"
        os.mkdir(data)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", data], capture_output=True).returncode:
            raise house.Skip("a small file system cannot be mounted here")
        try:
            fill(data)
            with Served(data, folder + "/log") as served:
                visitor = Visitor(served.port)
                house.expect_equal(visitor.sign_in("our-college", "a001", PASSWORD), 303)
                house.expect_equal(visitor.get("/healthz")[1].strip(), b"ok")

                def add(number):
                    fields = {"name": "N" * 90, "number": f"s{number:05}", "role": "student", "password": ""}
                    return visitor.send("/people", "/people", fields)[0][0].status

                house.expect_equal(add(1), 303)
                with open(data + "/ballast", "wb", buffering=0) as file:
                    try:
                        while True:
                            file.write(b"x" * 4096)
                    except OSError:
                        pass
                saved, refused = [1], 0
                for number in range(2, 200):
                    status = add(number)
                    if status == 303:
                        saved.append(number)
                    else:
                        house.expect_equal(status, 503)
                        refused = number
                        break
                house.expect(refused, "the disk was never full")
                house.expect_equal(visitor.get("/healthz")[1].strip(), b"read-only")
                house.expect_equal(visitor.get("/people")[0].status, 200)
                house.expect_equal(add(refused), 503)
                os.unlink(data + "/ballast")
                end = time.monotonic() + 60
                while visitor.get("/healthz")[1].strip() != b"ok" and time.monotonic() < end:
                    time.sleep(0.1)
                house.expect_equal(visitor.get("/healthz")[1].strip(), b"ok")
                house.expect_equal(add(900), 303)
                saved.append(900)
                text = visitor.get("/people")[1].decode()
                house.expect(f"s{refused:05}" not in text, "a refused save is there")
            with Served(data, folder + "/log") as served:
                visitor = Visitor(served.port)
                house.expect_equal(visitor.sign_in("our-college", "a001", PASSWORD), 303)
                text, page = "", "/people"
                while page:
                    text += visitor.get(page)[1].decode()
                    more = re.findall(r'href="(/people\?[^"]*)"[^>]*rel="next"', text[-20000:])
                    page = more[-1].replace("&amp;", "&") if more and more[-1] != page else None
                lost = [one for one in saved if f"s{one:05}" not in text]
                house.expect(not lost or len(saved) > 40, f"lost: {lost}")
        finally:
            subprocess.run(["umount", data], check=True)


def a_copy_taken_while_it_runs_comes_back():
    with tempfile.TemporaryDirectory(prefix="sampan-operate-") as folder:
        data = folder + "/site"
        fill(data)
        with Served(data, folder + "/log") as served:
            visitor = Visitor(served.port)
            house.expect_equal(visitor.sign_in("our-college", "a001", PASSWORD), 303)
            sampan("backup", folder + "/copy.db", "--data", data)
            sampan("backup", folder + "/copy.tar.zst", "--data", data, "--whole")
            fields = {"name": "Later", "number": "s00002", "role": "student", "password": ""}
            house.expect_equal(visitor.send("/people", "/people", fields)[0][0].status, 303)
            sampan("restore", folder + "/copy.db", "--data", data, code=1)
        for copy in ("copy.db", "copy.tar.zst"):
            sampan("restore", f"{folder}/{copy}", "--data", data)
            kept = [name for name in os.listdir(data) if name.startswith("before-restore-")]
            house.expect(kept, "the old database was not kept")
            with Served(data, folder + "/log") as served:
                visitor = Visitor(served.port)
                house.expect_equal(visitor.sign_in("our-college", "a001", PASSWORD), 303)
                text = visitor.get("/people")[1].decode()
                house.expect("Ana" in text and "s00002" not in text, copy)


if __name__ == "__main__":
    sys.exit(house.run([the_log_holds_no_secret, a_full_disk_reads_on_and_loses_nothing,
                        a_copy_taken_while_it_runs_comes_back]))
