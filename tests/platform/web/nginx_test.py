"""Behind Debian's nginx, unprivileged, under a prefix: pages, forms, streams, smuggled requests.

The configuration is that of docs/operations.md, section 3, read from there.
"""
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "house"))
import house  # noqa: E402


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def documented_locations(port):
    text = house.read(ROOT, "docs/operations.md")
    part = text.split("## 3. Behind nginx")[1].split("## 4.")[0]
    lines = [line[4:] for line in part.splitlines() if line.startswith("    ")]
    locations = "\n".join(line for line in lines if not line.startswith("sampan "))
    return locations.replace("127.0.0.1:8080", f"127.0.0.1:{port}")


CONFIG = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""


class Site:
    """The program behind nginx."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="sampan-nginx-")
        os.chmod(self.folder.name, 0o755)  # started by root, its workers are somebody else
        self.serve = subprocess.Popen(
            [program, "/sampan"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        port, self.cookie = self.serve.stdout.readline().split()
        self.port = free_port()
        config = os.path.join(self.folder.name, "nginx.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(
                CONFIG.format(
                    folder=self.folder.name, port=self.port, locations=documented_locations(port)
                )
            )
        self.nginx = subprocess.Popen(
            [nginx(), "-p", self.folder.name, "-e", self.folder.name + "/error.log", "-c", config],
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(house.read(self.folder.name, "error.log"))

    def end(self):
        self.nginx.terminate()
        self.nginx.wait()
        self.serve.stdin.close()
        words = self.serve.stdout.read()
        house.expect_equal(self.serve.wait(), 0)
        self.folder.cleanup()
        return words

    def ask(self, method, path, body=None, headers=None):
        one = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        one.request(method, path, body, headers or {})
        answer = one.getresponse()
        text = answer.read().decode("utf-8", "replace")
        one.close()
        return answer, text

    def raw(self, text):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as one:
            one.sendall(text.encode("latin-1"))
            got = b""
            try:
                while chunk := one.recv(65536):
                    got += chunk
            except socket.timeout:
                pass
            return got.decode("latin-1")

    def form_token(self):
        _, text = self.ask("GET", "/sampan/notes", headers={"Cookie": self.cookie})
        return re.search('name="form_token" value="([^"]+)"', text).group(1)


def nginx():
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if found is None:
        if os.environ.get("SAMPAN_REQUIRE_NGINX") == "1":
            raise AssertionError("nginx is not installed")
        raise house.Skip("nginx is not installed")
    return found


site = None


def pages_arrive_under_the_prefix():
    answer, text = site.ask("GET", "/sampan/")
    house.expect_equal((answer.status, text), (200, "<h1>Front</h1>"))
    house.expect_equal(site.ask("GET", "/sampan/nothing")[0].status, 404)
    house.expect_equal(site.ask("GET", "/sampan/static/app.css")[1], "body{}")
    answer, text = site.ask("GET", "/sampan/door")
    house.expect("Path=/sampan;" in answer.getheader("Set-Cookie"), answer.getheader("Set-Cookie"))
    house.expect('action="/sampan/door"' in text, text)


def the_browser_is_known_through_the_proxy():
    _, text = site.ask(
        "GET", "/sampan/echo/a/and/b",
        headers={"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example"},
    )
    house.expect(f"|127.0.0.1|0|0|127.0.0.1:{site.port}" in text, text)


def forms_are_saved():
    body = f"form_token={site.form_token()}&title=a&kind=plain"
    headers = {
        "Cookie": site.cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{site.port}",
    }
    answer, _ = site.ask("POST", "/sampan/notes", body, headers)
    house.expect_equal(answer.status, 303)
    # nginx writes the host it was asked for in front of the path.
    house.expect(answer.getheader("Location").endswith("/sampan/notes/2"), answer.getheader("Location"))
    headers["Origin"] = "http://evil.example"
    house.expect_equal(site.ask("POST", "/sampan/notes", body, headers)[0].status, 403)
    # A body in chunks arrives with its length.
    headers["Origin"] = f"http://127.0.0.1:{site.port}"
    answer, _ = site.ask("POST", "/sampan/notes", iter([body[:9].encode(), body[9:].encode()]), headers)
    house.expect_equal(answer.status, 303)


def uploads_arrive_and_have_a_limit():
    def upload(size):
        body = (
            f'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{site.form_token()}\r\n'
            '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\na\r\n'
            '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
            + "x" * size + "\r\n--b--\r\n"
        )
        headers = {"Cookie": site.cookie, "Content-Type": "multipart/form-data; boundary=b"}
        return site.ask("POST", "/sampan/notes/1/upload", body, headers)[0].status

    house.expect_equal(upload(1900000), 303)
    house.expect_equal(upload(2100000), 422)
    house.expect_equal(upload(9000000), 413)


def streams_pass_without_waiting():
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as one:
        one.sendall(
            (
                "GET /sampan/events?topics=notes HTTP/1.1\r\nHost: a\r\n"
                f"Cookie: {site.cookie}\r\n\r\n"
            ).encode()
        )
        got = b""
        while b": beat" not in got:
            got += one.recv(4096)
        site.serve.stdin.write("n")
        site.serve.stdin.flush()
        while b"data: news" not in got:
            got += one.recv(4096)


def smuggled_requests_are_not_answered():
    inner = "GET /sampan/echo/smuggled/and/b HTTP/1.1\r\nHost: a\r\n\r\n"
    head = "POST /sampan/leave HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    tries = [
        head + f"Content-Length: {len(inner) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
        head + "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + inner,
        head + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + inner,
        head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + inner,
        head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + inner,
        head + "Transfer-Encoding: chunked\r\n\r\n0;a=b\r\n\r\n" + inner,
        head + "Transfer-Encoding:\x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + inner,
        head + "X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + inner,
        head + "X: a\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + inner,
        head + "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + inner,
        "GET /sampan/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        f"Content-Length: {len(inner)}\r\n\r\n" + inner,
        "GET /sampan/%0d%0a%0d%0aGET%20/sampan/echo/smuggled/and/b HTTP/1.1\r\n"
        "Host: a\r\nConnection: close\r\n\r\n",
    ]
    for number, text in enumerate(tries):
        got = site.raw(text)
        house.expect("smuggled|b|" not in got, f"try {number}: {got}")
        house.expect(got.count("HTTP/1.1 ") <= 1, f"try {number}: {got}")
    # And nobody else's next request is answered with it.
    house.expect_equal(site.ask("GET", "/sampan/")[1], "<h1>Front</h1>")


def the_end_is_in_order():
    words = site.end()
    house.expect_equal(words, "2 notes, 1900000 bytes\n")


def begin_behind_nginx():
    global site
    nginx()
    site = Site(sys.argv[1])


def main():
    tests = [
        pages_arrive_under_the_prefix, the_browser_is_known_through_the_proxy, forms_are_saved,
        uploads_arrive_and_have_a_limit, streams_pass_without_waiting,
        smuggled_requests_are_not_answered, the_end_is_in_order,
    ]
    try:
        begin_behind_nginx()
    except house.Skip as skip:
        reason = str(skip)

        def behind_nginx():
            raise house.Skip(reason)

        tests = [behind_nginx]
    return house.run(tests)


if __name__ == "__main__":
    sys.exit(main())
