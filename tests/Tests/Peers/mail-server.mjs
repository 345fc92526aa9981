// A mail server on loopback for the tests. Prints {"port":N} when it listens and then one line of JSON for each message it took.
// Arguments, as one JSON object: tls (offer STARTTLS with a certificate of its own), user and password (ask for an account),
// refuse (the SMTP code with which every recipient is refused).
import { SMTPServer } from 'smtp-server';

const wish = JSON.parse(process.argv[2] ?? '{}');
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const refusal = (code) => Object.assign(new Error('refused by the test'), { responseCode: code });

const server = new SMTPServer({
  logger: false,
  disabledCommands: [...(wish.tls ? [] : ['STARTTLS']), ...(wish.user ? [] : ['AUTH'])],
  authOptional: !wish.user,
  allowInsecureAuth: !wish.tls,
  onAuth: (auth, session, done) =>
    auth.username === wish.user && auth.password === wish.password ? done(null, { user: auth.username }) : done(refusal(535)),
  onRcptTo: (address, session, done) => done(wish.refuse ? refusal(wish.refuse) : null),
  onData(stream, session, done) {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      print({
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((x) => x.address),
        secure: session.secure,
        user: session.user ?? null,
        raw: Buffer.concat(parts).toString('latin1'),
      });
      done();
    });
  },
});
server.on('error', (error) => process.stderr.write(`${error.message}\n`));
server.listen(0, '127.0.0.1', () => print({ port: server.server.address().port }));
// Ends with the test that started it.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
