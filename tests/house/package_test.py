"""package_test.py PROGRAM: what `make package` gives, alone on a Debian that holds only what it depends on.

The .deb is made of the program under test, unpacked into a root of the files of its Depends, and
run there by chroot in namespaces of its own: no network but loopback, no compiler, no shell.
"""
import fcntl
import html.parser
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.parse

import house
from visitor import Visitor

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
INSIDE = "--inside"
PORT = 8080
PASSWORD = "a demonstration"


def need(*commands):
    for command in commands:
        if not shutil.which(command):
            raise house.Skip(f"{command} is not installed")


def built(folder):
    """Path of the .deb made of the program under test."""
    need("dpkg-deb", "dpkg-shlibdeps", "strip")
    done = subprocess.run(
        [os.path.join(house.ROOT, "tools/package/build.sh"), PROGRAM, folder],
        capture_output=True,
        text=True,
    )
    house.expect_equal((done.returncode, done.stderr), (0, ""))
    return [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".deb")][0]


def depends(deb):
    text = subprocess.check_output(["dpkg-deb", "-f", deb, "Depends"], text=True)
    return [re.match(r"[^ ]+", one.strip()).group(0) for one in text.split(",")]


def closure(names):
    """The packages and all that they depend on, as installed here."""
    known = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        text = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Depends}, ${Pre-Depends}", name],
            capture_output=True,
            text=True,
        )
        known[name] = text.returncode == 0
        for choice in text.stdout.split(","):
            found = re.match(r"\s*([a-z0-9][a-z0-9.+-]*)", choice)
            if found:
                waiting.append(found.group(1))
    return [name for name, there in known.items() if there]


def fresh_root(root, deb):
    """A root of only those packages' libraries, and the .deb."""
    os.makedirs(root + "/usr/lib")
    os.symlink("usr/lib", root + "/lib")
    os.symlink("usr/lib64", root + "/lib64")
    os.makedirs(root + "/usr/lib64")
    for name in closure(depends(deb)):
        for path in subprocess.check_output(["dpkg-query", "-L", name], text=True).split("\n"):
            if ".so" not in path or not os.path.isfile(path):
                continue
            to = root + os.path.realpath(os.path.dirname(path)) + "/" + os.path.basename(path)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copy2(path, to)
    subprocess.run(["dpkg-deb", "-x", deb, root], check=True)
    for name in ("tmp", "proc", "data"):
        os.makedirs(f"{root}/{name}")


def loopback_up():
    """ip link set lo up, by its system call."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        request = struct.pack("16sh14s", b"lo", 0x1 | 0x40, b"")
        fcntl.ioctl(one.fileno(), 0x8914, request)


class Addresses(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.loaded, self.linked = [], []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("src", "srcset", "data", "poster") or (tag == "link" and name == "href"):
                self.loaded.append(value or "")
            elif name == "href":
                self.linked.append(value or "")


def crawl(visitor):
    """Complaints about all pages this visitor reaches, and how many pages and files were seen."""
    complaints, seen, waiting, kinds = [], set(), ["/", "/design", "/design?part=charts"], []
    while waiting and len(seen) < 400:
        path = waiting.pop().split("#")[0] or "/"
        if path in seen:
            continue
        seen.add(path)
        answer, body = visitor.get(path)
        kind = (answer.getheader("Content-Type") or "").split(";")[0]
        kinds.append(kind)
        if answer.status == 303:
            waiting.append(urllib.parse.urljoin(path, answer.getheader("Location")))
        elif answer.status != 200:
            complaints.append(f"{path}: {answer.status}")
        text = body.decode("utf-8", "replace")
        if kind == "text/html":
            policy = answer.getheader("Content-Security-Policy") or ""
            if not re.search(r"default-src '(self|none)'", policy) or "http" in policy:
                complaints.append(f"{path}: policy {policy!r}")
            found = Addresses()
            found.feed(text)
            outside = [one for one in found.loaded if re.match(r"[a-z]+:|//", one)]
            complaints += [f"{path} loads {one}" for one in outside]
            waiting += [one for one in found.loaded + found.linked if one.startswith("/")]
        elif kind == "text/css":
            outside = re.findall(r"(?:url\(|@import)[^;)]*(?:https?:|//)[^;)]*", text)
            complaints += [f"{path} loads {one}" for one in outside]
    return complaints, len([k for k in kinds if k == "text/html"]), len(kinds)


def inside(root):
    """In namespaces of its own: start the server in the root, look at all pages, stop it."""
    loopback_up()
    subprocess.run(["mount", "-t", "proc", "proc", root + "/proc"], check=True)
    with socket.socket() as one:
        one.settimeout(2)
        house.expect(one.connect_ex(("192.0.2.1", 80)) != 0, "there is a network")

    def sampan(*words, wait=True):
        start = subprocess.run if wait else subprocess.Popen
        return start(["/usr/bin/sampan", *words], preexec_fn=lambda: (os.chroot(root), os.chdir("/")),
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={})

    with open(root + "/tmp/password", "w", encoding="utf-8") as file:
        file.write(PASSWORD)
    for words in (
        ["version"],
        ["scenario", "check", "builtin:scenarios/accessories.json"],
        ["simulate", "builtin:scenarios/hidden-shop.json", "--seed", "s", "--rounds", "1", "--out", "/tmp/run"],
        ["replay", "/tmp/run"],
        ["quote", "--market", "DE", "--hs6", "420292", "--value", "50"],
        ["organisation", "add", "demo-college", "--data", "/data/site", "--kind", "college",
         "--name-en", "Demo College", "--invented"],
        ["person", "add", "t001", "--data", "/data/site", "--organisation", "demo-college",
         "--name", "Ana", "--role", "teacher", "--password-file", "/tmp/password", "--password-stays"],
    ):
        done = sampan(*words)
        house.expect(done.returncode == 0, f"{words}: {done.stdout} {done.stderr}")
    server = sampan("serve", "--data", "/data/site", "--listen", f"127.0.0.1:{PORT}", wait=False)
    try:
        house.expect(server.stdout.readline().startswith("Sampan serves"), "it does not serve")
        visitor = Visitor(PORT)
        house.expect_equal(visitor.sign_in("demo-college", "t001", PASSWORD), 303)
        complaints, pages, files = crawl(visitor)
        house.expect_none(complaints)
        house.expect(pages >= 5 and files > pages, f"{pages} pages of {files} files")
        print(f"seen: {pages} pages and {files - pages} files, none asks another host")
    finally:
        server.terminate()
        house.expect_equal(server.wait(20), 0)


def alone_on_a_fresh_system_it_serves_and_asks_nobody():
    need("unshare")
    if os.geteuid() != 0:
        raise house.Skip("a root of its own needs root")
    with tempfile.TemporaryDirectory(prefix="sampan-package-") as folder:
        deb = built(folder + "/made")
        root = folder + "/root"
        fresh_root(root, deb)
        house.expect(not os.path.exists(root + "/usr/bin/cc") and not os.path.exists(root + "/bin/sh"), "")
        done = subprocess.run(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child",
             sys.executable, "-B", os.path.abspath(__file__), INSIDE, root],
            capture_output=True, text=True, timeout=300)
        if "Operation not permitted" in done.stderr and not done.stdout:
            raise house.Skip("namespaces of its own are not permitted here")
        house.expect(done.returncode == 0, done.stdout + done.stderr)
        print(done.stdout.strip())


def the_deb_has_unit_manual_and_its_scripts():
    with tempfile.TemporaryDirectory(prefix="sampan-package-") as folder:
        deb = built(folder)
        listed = subprocess.check_output(["dpkg-deb", "-c", deb], text=True)
        for path in ("usr/bin/sampan", "usr/sbin/sampan-site", "lib/systemd/system/sampan.service",
                     "usr/share/man/man1/sampan.1.gz", "usr/share/doc/sampan/copyright",
                     "usr/share/doc/sampan/operations.md"):
            house.expect(f" ./{path}\n" in listed, path)
        owners = {line.split()[1] for line in listed.splitlines()}
        house.expect_equal(owners, {"root/root"})
        names = depends(deb)
        house.expect("libc6" in names and "libmicrohttpd12" in names and len(names) == len(set(names)), names)
        first = open(deb, "rb").read()
        house.expect(open(built(folder), "rb").read() == first, "made twice, other bytes")


def the_manual_has_every_command():
    sys.path.insert(0, os.path.join(house.ROOT, "tools", "package"))
    import manual

    text = manual.manual(house.read(house.ROOT, "docs/commands.md"), "1.2.3")
    for name in re.findall(r"^## `([a-z ]+)", house.read(house.ROOT, "docs/commands.md"), re.M):
        house.expect(f".SS {name.strip()}" in text, name)
    house.expect('"sampan 1.2.3"' in text, text[:80])
    house.expect_none([line for line in text.splitlines() if line.startswith("'")])


def the_unit_is_hardened():
    need("systemd-analyze")
    unit = os.path.join(house.ROOT, "tools/package/sampan.service")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit],
        capture_output=True, text=True)
    found = re.search(r"Overall exposure level for sampan.service: ([0-9.]+)", done.stdout)
    house.expect(found, done.stdout[-300:] + done.stderr)
    print(f"exposure {found.group(1)} of 10 by systemd-analyze")
    house.expect(float(found.group(1)) <= 2.0, f"exposure {found.group(1)}")


def the_program_carries_all_of_data():
    listed = set(re.findall(r"^  '([^']+)',", house.read(house.ROOT, "data/meson.build"), re.M))
    there = {path[len("data/"):] for path in house.files(house.ROOT, "data", (".csv", ".json"))}
    house.expect_equal(sorted(listed), sorted(there))


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == INSIDE:
        try:
            inside(sys.argv[2])
        except AssertionError as error:
            sys.exit(str(error))
        sys.exit(0)
    sys.exit(
        house.run(
            [
                the_program_carries_all_of_data,
                the_manual_has_every_command,
                the_unit_is_hardened,
                the_deb_has_unit_manual_and_its_scripts,
                alone_on_a_fresh_system_it_serves_and_asks_nobody,
            ]
        )
    )
