"""A gateway for text messages that speaks TLS only: prints what it is sent as one JSON object a line. gateway.py CERT KEY"""
import http.server
import json
import ssl
import sys


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        tell("text", body=json.loads(body), cipher=self.connection.version())
        self.send_response(202)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
tell("listening", port=server.server_address[1])
server.serve_forever()
