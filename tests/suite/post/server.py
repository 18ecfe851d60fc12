"""A mail server that does as it is told, mail by mail, and prints what happens as one JSON object a line.

server.py PLAN [--cert FILE --key FILE] [--tls] [--login USER:PASSWORD]

PLAN holds a word for each mail that comes, the last one counts for all further ones:
accept, later (451), never (550), drop (the line, before the answer), lost (takes it, then drops the line), stall.
With a certificate it insists on STARTTLS, with --tls it speaks TLS from the first byte.
"""
import argparse
import asyncio
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


class Handler:
    def __init__(self, plan):
        self.plan = plan

    def next(self):
        return self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]

    async def handle_DATA(self, server, session, envelope):
        word = self.next()
        mail = dict(
            to=envelope.rcpt_tos,
            sender=envelope.mail_from,
            data=envelope.content.decode(),
            tls=server.transport.get_extra_info("ssl_object") is not None,
            user=getattr(session, "auth_data", None),
            hello=session.host_name,
        )
        if word in ("accept", "lost"):
            tell("mail", **mail)
        else:
            tell(word)
        if word in ("drop", "lost"):
            server.transport.abort()
            return "421 gone"
        if word == "stall":
            await asyncio.sleep(3600)
        # the real ones repeat the address, so this one does
        return {"later": f"451 try again <{envelope.rcpt_tos[0]}>", "never": f"550 no <{envelope.rcpt_tos[0]}>"}.get(word, "250 taken")


async def serve(args):
    context = None
    if args.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(args.cert, args.key)
    options = {}
    if context and not args.tls:
        options.update(tls_context=context, require_starttls=True)
    if args.login:
        def check(server, session, envelope, mechanism, data):
            given = f"{data.login.decode()}:{data.password.decode()}"
            if given != args.login:
                tell("wrong login")
                return AuthResult(success=False, handled=False)
            return AuthResult(success=True, auth_data=data.login.decode())

        options.update(authenticator=check, auth_required=True)
        options.update(auth_require_tls=not args.tls)
    handler = Handler(args.plan.split(","))
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, **options), "127.0.0.1", 0, ssl=context if args.tls else None
    )
    tell("listening", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("plan")
parser.add_argument("--cert")
parser.add_argument("--key")
parser.add_argument("--tls", action="store_true")
parser.add_argument("--login")
asyncio.run(serve(parser.parse_args()))
