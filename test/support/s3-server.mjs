// An S3 server in a process of its own, as tests start it: `node s3-server.mjs FOLDER BUCKET`. Prints its port.
import S3rver from 's3rver';

const [folder, bucket] = process.argv.slice(2);
const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: folder, resetOnClose: true, configureBuckets: [{ name: bucket }] });
const { port } = await server.run();
process.stdout.write(`${port}\n`);
process.on('SIGTERM', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume(); // does not outlive who started it
