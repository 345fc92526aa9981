// Reads a WARC file with warcio, says of each record whether its digests are those of its bytes, and gives warcio's own index of it.
// Argument: the file. Prints {"records":[{"type","url","id","concurrentTo","key"}],"problems":[…],"texts":N,"index":[{"url","offset","length"}]}.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CDXIndexer, WARCParser, getSurt } from 'warcio';

const file = process.argv[2];
const records = [], problems = [];
const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const bodyStart = (bytes) => { const at = Buffer.from(bytes).indexOf('\r\n\r\n'); return at < 0 ? bytes.length : at + 4; };

for await (const record of new WARCParser(createReadStream(file), { keepHeadersCase: true, parseHttp: false })) {
  const header = (name) => record.warcHeader(name) ?? null;
  const block = await record.readFully(false);
  const id = header('WARC-Record-ID');
  if (record.warcHeaders.statusline !== 'WARC/1.1') problems.push(`${id}: ${record.warcHeaders.statusline}`);
  if (block.length !== Number(header('Content-Length'))) problems.push(`${id}: ${block.length} bytes`);
  if (header('WARC-Block-Digest') !== sha256(block)) problems.push(`${id}: block digest`);
  const payload = header('WARC-Payload-Digest');
  const start = header('WARC-Type') === 'response' ? bodyStart(block) : 0;
  if (payload !== null && payload !== sha256(block.subarray(start))) problems.push(`${id}: payload digest`);
  records.push({ type: header('WARC-Type'), url: header('WARC-Target-URI'), id, concurrentTo: header('WARC-Concurrent-To'), key: header('WARC-Target-URI') && getSurt(header('WARC-Target-URI')) });
}

// Once more as a reader of pages would: heads parsed, bodies unpacked.
let texts = 0;
for await (const record of new WARCParser(createReadStream(file))) {
  if (record.warcType !== 'response') continue;
  await record.readFully(true);
  const length = record.payload?.length ?? 0;
  if (record.httpHeaders?.statusCode > 0) texts += length > 0 ? 1 : 0; else problems.push(`${record.warcTargetURI}: no status`);
}

const index = [];
for await (const line of new CDXIndexer({ format: 'cdxj' }).iterIndex([{ reader: createReadStream(file), filename: 'evidence.warc.gz' }])) index.push({ url: line.url, offset: Number(line.offset), length: Number(line.length) });
process.stdout.write(`${JSON.stringify({ records, problems, texts, index })}\n`);
