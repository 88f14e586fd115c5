"""demo_test.py PROGRAM: the demonstration's site, from its script to its pages, without a terminal."""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile

import house
from visitor import Visitor

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
ROLES = ("student", "teacher", "programme_head", "dean", "mentor", "manager", "researcher", "expert",
         "administrator", "auditor", "organiser")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def served(folder, look, **environment):
    """Call look(port, what was printed, sign-ins) while the site is served; then end it."""
    run = os.path.join(folder, "run")
    scenario = os.path.join(house.ROOT, "data/scenarios/hidden-shop.json")
    if not os.path.exists(run):
        done = subprocess.run([PROGRAM, "simulate", scenario, "--seed", "demo", "--rounds", "2", "--out", run],
                              capture_output=True, text=True)
        house.expect(done.returncode == 0, done.stderr)
    port = free_port()
    plain = {k: v for k, v in os.environ.items() if not k.startswith("LC_") and k not in ("LANG", "LAN")}
    process = subprocess.Popen(
        [os.path.join(house.ROOT, "tools/demo_serve.sh"), PROGRAM, folder],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**plain, "PORT": str(port), **environment})
    said = ""
    try:
        for line in process.stdout:
            said += line
            if len(re.findall("40m\u2588+\033", said)) == 2:  # the code's first and last row
                break
        house.expect("Sampan serves at" in said, said + process.stderr.read() if process.poll() else said)
        signs = [line.split() for line in said.splitlines() if re.match(r"  [a-z]\d{3} ", line)]
        look(port, said, signs)
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        house.expect_equal(process.wait(60), 0)


def modules(said):
    """The code of the half blocks, as rows of booleans (True: dark), without its quiet zone."""
    light = {" ": (0, 0), "\u2584": (0, 1), "\u2580": (1, 0), "\u2588": (1, 1)}
    lines = re.findall(r"^\033\[97;40m(.*)\033\[0m$", said, re.M)
    rows = [[not light[c][half] for c in line] for line in lines for half in (0, 1)]
    return [row[2:-2] for row in rows[2:]]


def the_code_has_its_three_corners():
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]

    def look(port, said, signs):
        rows = modules(said)
        side = len(rows[0])
        house.expect(side % 4 == 1 and len(rows) >= side, f"{side} wide, {len(rows)} high")
        for x, y in ((0, 0), (side - 7, 0), (0, side - 7)):
            got = ["".join("01"[rows[y + j][x + i]] for i in range(7)) for j in range(7)]
            house.expect_equal(got, finder)
        house.expect(all(rows[6][i] == (i % 2 == 0) for i in range(8, side - 8)), "no timing pattern")

    with tempfile.TemporaryDirectory(prefix="sampan-demo-") as folder:
        served(folder, look)


def one_sign_in_per_role_on_loopback():
    def look(port, said, signs):
        house.expect_equal(sorted(one[2] for one in signs), sorted(ROLES))
        house.expect(f"http://127.0.0.1:{port}/" in said, said)
        for number, password, _ in signs:
            visitor = Visitor(port)
            house.expect_equal(visitor.sign_in("demo-college", number, password), 303)
            answer, page = visitor.get("/")
            house.expect_equal(answer.status, 200)
            house.expect("Sign out" in visitor.get("/account")[1].decode(), number)
        visitor = Visitor(port)
        house.expect(visitor.sign_in("demo-college", "t001", "not this one") != 303, "a wrong password fits")
        visitor.sign_in("demo-college", *next(one[:2] for one in signs if one[2] == "teacher"))
        house.expect("A shop, from its order file" in visitor.get("/runs")[1].decode(), "the run is not there")
        with socket.socket() as one:
            one.settimeout(2)
            others = [a for a in subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
                      if "." in a]
            house.expect(not others or one.connect_ex((others[0], port)) != 0, "open beyond loopback")

    with tempfile.TemporaryDirectory(prefix="sampan-demo-") as folder:
        served(folder, look)


def a_class_gets_fresh_passwords():
    seen = []

    def look(port, said, signs):
        passwords = {one[1] for one in signs}
        house.expect_equal(len(passwords), len(ROLES))
        house.expect(all(re.fullmatch(r"[0-9a-f]{18}", one) for one in passwords), passwords)
        house.expect_equal(Visitor(port).sign_in("demo-college", *signs[0][:2]), 303)
        house.expect("plain HTTP" in said, said)
        seen.append(passwords)

    with tempfile.TemporaryDirectory(prefix="sampan-demo-") as folder:
        served(folder, look, LAN="1")
        served(folder, look, LAN="1")
    house.expect(not seen[0] & seen[1], "passwords are used again")


if __name__ == "__main__":
    sys.exit(house.run([the_code_has_its_three_corners, one_sign_in_per_role_on_loopback, a_class_gets_fresh_passwords]))
