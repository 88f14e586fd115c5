"""A browser without a window: pages by http.client, cookies kept, forms sent with their hidden fields."""
import http.client
import re
import urllib.parse


class Visitor:
    def __init__(self, port, host="127.0.0.1"):
        self.port, self.host, self.cookies = port, host, {}

    def ask(self, method, path, body=None, headers=None):
        """(answer, bytes of the body); no redirect is followed."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                name, value = value.split(";")[0].split("=", 1)
                self.cookies[name] = value
        connection.close()
        return answer, content

    def get(self, path):
        return self.ask("GET", path)

    def send(self, page, action, fields):
        """Send the form of `page` that posts to `action`; the answer and the token that was sent."""
        text = self.get(page)[1].decode()
        form = re.search(rf'<form[^>]*action="{re.escape(action)}[^"]*"[^>]*>(.*?)</form>', text, re.S)
        token = re.search(r'name="form_token" value="([^"]+)"', form.group(1)).group(1)
        body = urllib.parse.urlencode({**fields, "form_token": token})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{self.host}:{self.port}",
        }
        return self.ask("POST", action, body, headers), token

    def sign_in(self, organisation, number, password):
        """Status of the answer: 303 when it is right."""
        fields = {"organisation": organisation, "number": number, "password": password, "back": ""}
        (answer, _), _ = self.send("/sign-in", "/sign-in", fields)
        return answer.status
