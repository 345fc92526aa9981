// An S3-compatible storage on loopback for the tests, with one bucket. Prints {"port":N} when it listens.
// Arguments, as one JSON object: folder (where it keeps objects), bucket. Its account is S3RVER with the secret S3RVER.
import S3rver from 's3rver';

const { folder, bucket } = JSON.parse(process.argv[2]);
const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder, configureBuckets: [{ name: bucket }] });
const { port } = await server.run();
process.stdout.write(`${JSON.stringify({ port })}\n`);
// Ends with the test that started it.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
