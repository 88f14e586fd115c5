"""dev.py [PORT]: the demonstration site, rebuilt and shown anew when a source file is saved. `make dev`.

In front of the program stands a small proxy on loopback: it holds requests while the program is
built and started again, and puts one script of its own into each page, which asks whether there is
something new. So the program itself knows nothing of it, and what is shipped has none of it.

dev.py --measure: save a template three times and print how long each took to be served.
"""
import http.client
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build-dev")
SITE = os.path.join(BUILD, "site")
WATCHED = (".c", ".h", ".def", ".html", ".css", ".js", ".svg", ".sql", ".po", ".json", ".csv", ".build")
FOLDERS = ("src", "static", "po", "data", "tools")
POLL_SECONDS = 0.05
SCRIPT = b"""let seen = null;
async function ask() {
    try {
        const now = await (await fetch("/dev-changes", {cache: "no-store"})).text();
        if (seen !== null && now !== seen) { location.reload(); return; }
        seen = now;
    } catch (error) { }
    setTimeout(ask, 150);
}
ask();
"""


def say(text):
    print(f"dev: {text}", flush=True)


def saved():
    """The newest time and the number of all watched files."""
    newest, count = 0, 0
    waiting = [os.path.join(ROOT, name) for name in FOLDERS]
    while waiting:
        for entry in os.scandir(waiting.pop()):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.name.endswith(WATCHED):
                try:
                    newest, count = max(newest, entry.stat().st_mtime_ns), count + 1
                except FileNotFoundError:
                    pass
    return newest, count


def build():
    """True when the program was built; else the compiler's words are shown."""
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        say("the first build takes a minute")
        linker = "lld" if shutil.which("ld.lld") else "bfd"
        subprocess.run(
            ["meson", "setup", BUILD, ROOT, "--buildtype=debug", "-Doptimization=0", "-Dtests=disabled",
             f"-Dc_link_args=-fuse-ld={linker}"],
            check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(["ninja", "-C", BUILD, "src/sampan"], capture_output=True, text=True)
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if not line.startswith(("[", "ninja:"))]
        print("\n".join(lines[-30:]), flush=True)
    return done.returncode == 0


class Site:
    """The program, started anew after each build."""

    def __init__(self):
        self.process, self.port, self.number = None, 0, 0
        self.lock = threading.Lock()
        self.ready = threading.Event()

    def start(self):
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "src", "sampan"), "serve", "--data", SITE, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        found = re.search(r":(\d+)/", self.process.stdout.readline())
        if not found:
            say("the program ended; mend it and save again")
            return
        self.port = int(found.group(1))
        self.number += 1
        self.ready.set()

    def stop(self):
        self.ready.clear()
        if self.process:
            self.process.kill()  # nothing that was acknowledged is lost, and it is quicker
            self.process.wait()
            self.process = None

    def renew(self):
        with self.lock:
            begin = time.monotonic()
            if not build():
                return
            self.stop()
            self.start()
            say(f"shown after {time.monotonic() - begin:.2f} s")


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site = None

    def log_message(self, *unused):
        pass

    def own(self, media_type, content):
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def pass_on(self):
        if self.path == "/dev-changes":
            return self.own("text/plain", str(self.site.number).encode())
        if self.path == "/dev-changes.js":
            return self.own("text/javascript", SCRIPT)
        if self.path.startswith("/events"):
            self.close_connection = True  # live pages ask again; here they reload anyway
            return self.send_error(503)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("accept-encoding", "connection")}
        for _ in range(2):
            self.site.ready.wait(60)
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
                connection.request(self.command, self.path, body or None, headers)
                answer = connection.getresponse()
                content = answer.read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            return self.send_error(502)
        if (answer.getheader("Content-Type") or "").startswith("text/html"):
            content = content.replace(b"</head>", b'<script src="/dev-changes.js" defer></script></head>', 1)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "date", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = pass_on


def fill():
    """A college and one person per role, if the site is new."""
    if not os.path.exists(os.path.join(SITE, "sampan.db")):
        subprocess.run(
            [os.path.join(ROOT, "tools", "demo_site.sh"), os.path.join(BUILD, "src", "sampan"), BUILD, "en", "fixed"],
            check=True)


def watch(site):
    before = saved()
    while True:
        time.sleep(POLL_SECONDS)
        now = saved()
        if now != before:
            before = now
            site.renew()


def measure(port):
    """Save a template and a style sheet and wait until they are served."""
    page = os.path.join(ROOT, "src/app/people/pages/sign_in.html")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    mark, times = '<form class="form" method="post" action="/sign-in">', []
    try:
        for i in range(3):
            with open(page, "w", encoding="utf-8") as file:
                file.write(text.replace(mark, mark.replace('class="form"', f'class="form" data-try="{i}"')))
            begin = time.monotonic()
            while True:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", "/sign-in")
                if f'data-try="{i}"'.encode() in connection.getresponse().read():
                    break
                time.sleep(0.01)
            times.append(time.monotonic() - begin)
            time.sleep(0.3)
    finally:
        with open(page, "w", encoding="utf-8") as file:
            file.write(text)
    print("a saved template is served after " + ", ".join(f"{one:.2f}" for one in times) + " s")


def main():
    measuring = "--measure" in sys.argv
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    site = Proxy.site = Site()
    if not build():
        return 1
    fill()
    site.start()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0 if measuring else (numbers or [8080])[0]), Proxy)
    server.daemon_threads = True
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=watch, args=(site,), daemon=True).start()
    try:
        if measuring:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            time.sleep(0.2)
            measure(server.server_address[1])
        else:
            with open(os.path.join(BUILD, "passwords.txt"), encoding="utf-8") as file:
                say("organisation demo-college; number, role, password:\n" + file.read().rstrip())
            say(f"http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C ends it)")
            server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        site.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
