// A session with the local workspace by the AWS SDK for JavaScript, which knows nothing of it but
// its address: node session.mjs URL FOLDER, where FOLDER is the workspace's and HOME is scratch.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

import * as athenaSdk from '@aws-sdk/client-athena';
import * as glueSdk from '@aws-sdk/client-glue';
import * as lambdaSdk from '@aws-sdk/client-lambda';
import * as s3Sdk from '@aws-sdk/client-s3';
import * as sfnSdk from '@aws-sdk/client-sfn';
import * as ssoSdk from '@aws-sdk/client-sso';
import * as oidcSdk from '@aws-sdk/client-sso-oidc';
import * as stsSdk from '@aws-sdk/client-sts';
import { fromIni, fromSSO } from '@aws-sdk/credential-providers';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const [endpoint, folder] = process.argv.slice(2);
const region = 'us-east-1';
process.env.AWS_CONFIG_FILE = join(folder, 'config');
process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');

/** Asks operations of one service by their names. */
function ask(sdk, name, options = {}) {
  const client = new sdk[`${name}Client`]({ region, endpoint, ...options });
  const send = (operation, input = {}) => client.send(new sdk[`${operation}Command`](input));
  send.client = client;
  return send;
}

async function signIn() {
  const oidc = ask(oidcSdk, 'SSOOIDC');
  const startUrl = `${endpoint}/start`;
  const { clientId, clientSecret } = await oidc('RegisterClient', {
    clientName: 'session',
    clientType: 'public',
    scopes: ['sso:account:access'],
  });
  const device = await oidc('StartDeviceAuthorization', { clientId, clientSecret, startUrl });
  const token = () => oidc('CreateToken', {
    clientId,
    clientSecret,
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    deviceCode: device.deviceCode,
  });
  await assert.rejects(token(), oidcSdk.AuthorizationPendingException);
  await allow(device);
  await setTimeout(device.interval * 1000);
  const { accessToken, expiresIn } = await token();

  const portal = ask(ssoSdk, 'SSO');
  const { accountList } = await portal('ListAccounts', { accessToken });
  assert.deepEqual(accountList.map(a => a.accountId), ['000000000000']);
  const { roleList } = await portal('ListAccountRoles', { accessToken, accountId: '000000000000' });
  assert.deepEqual(roleList.map(r => r.roleName).sort(), ['Administrator', 'Analyst']);

  // As the AWS CLI leaves it for every SDK.
  const name = /sso_session\s*=\s*(\S+)/.exec(readFileSync(join(folder, 'config'), 'utf8'))[1];
  const cache = join(homedir(), '.aws', 'sso', 'cache');
  mkdirSync(cache, { recursive: true });
  const expiresAt = new Date(Date.now() + expiresIn * 1000).toISOString();
  writeFileSync(
    join(cache, `${createHash('sha1').update(name).digest('hex')}.json`),
    JSON.stringify({ startUrl, region, accessToken, expiresAt }));
  const credentials = fromSSO({ profile: 'local-sso-analyst', clientConfig: { endpoint, region } });
  const { Arn } = await ask(stsSdk, 'STS', { credentials })('GetCallerIdentity');
  assert.match(Arn, /^arn:aws:sts::000000000000:assumed-role\/Analyst\//);

  await portal('Logout', { accessToken });
  await assert.rejects(portal('ListAccounts', { accessToken }), ssoSdk.UnauthorizedException);
}

/** What a person does in the browser. */
async function allow({ verificationUriComplete, userCode }) {
  const url = new URL(verificationUriComplete);
  const html = await (await fetch(url)).text();
  const reply = await fetch(url.origin + url.pathname, {
    method: 'POST',
    headers: { origin: url.origin },
    body: new URLSearchParams({
      page: /name="page" value="([^"]+)"/.exec(html)[1],
      user_code: userCode,
      password: readFileSync(join(folder, 'password'), 'utf8').trim(),
      answer: 'allow',
    }),
  });
  assert.match(await reply.text(), /You are signed in/);
}

const credentials = fromIni({ profile: 'local' });
const Bucket = 'session-of-javascript';
const s3 = ask(s3Sdk, 'S3', { credentials, forcePathStyle: true });

async function keepObjects() {
  await s3('CreateBucket', { Bucket });
  const Key = 'a b/ü+%.txt';
  await s3('PutObject', { Bucket, Key, Body: 'hello', ContentType: 'text/plain', Metadata: { who: 'me' } });
  const got = await s3('GetObject', { Bucket, Key });
  assert.equal(await got.Body.transformToString(), 'hello');
  assert.deepEqual([got.ContentType, got.Metadata], ['text/plain', { who: 'me' }]);
  await assert.rejects(s3('PutObject', { Bucket, Key, Body: 'x', IfNoneMatch: '*' }), { name: 'PreconditionFailed' });

  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256']) {
    await s3('PutObject', { Bucket, Key: 'summed', Body: 'x', ChecksumAlgorithm });
    const head = await s3('HeadObject', { Bucket, Key: 'summed', ChecksumMode: 'ENABLED' });
    assert.ok(head[`Checksum${ChecksumAlgorithm}`], ChecksumAlgorithm);
  }
  const Body = Readable.from([Buffer.alloc(70_000, 1), Buffer.alloc(70_001, 2)]);
  await s3('PutObject', { Bucket, Key: 'stream', Body, ContentLength: 140_001 });
  const range = await s3('GetObject', { Bucket, Key: 'stream', Range: 'bytes=69999-70000' });
  assert.deepEqual([...await range.Body.transformToByteArray()], [1, 2]);
  await assert.rejects(s3('GetObject', { Bucket, Key: 'stream', Range: 'bytes=999999-' }), { name: 'InvalidRange' });
  await assert.rejects(s3('GetObject', { Bucket, Key: 'none' }), s3Sdk.NoSuchKey);
  await assert.rejects(s3('HeadObject', { Bucket, Key: 'none' }), s3Sdk.NotFound);
  await assert.rejects(s3('ListObjectsV2', { Bucket: 'no-such-bucket' }), s3Sdk.NoSuchBucket);

  await s3('CopyObject', { Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent(Key)}` });
  const keys = [];
  for await (const page of s3Sdk.paginateListObjectsV2({ client: s3.client, pageSize: 2 }, { Bucket })) {
    keys.push(...page.Contents.map(c => c.Key));
  }
  assert.deepEqual(keys, [Key, 'copy', 'stream', 'summed']);
  const folders = await s3('ListObjectsV2', { Bucket, Delimiter: '/' });
  assert.deepEqual(folders.CommonPrefixes, [{ Prefix: 'a b/' }]);
  const { Deleted } = await s3('DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'copy' }, { Key: 'none' }] } });
  assert.equal(Deleted.length, 2);
}

async function uploadInParts() {
  const megabytes = Readable.from((function* () {
    for (let i = 0; i < 12; i++) yield Buffer.alloc(1 << 20, i);
  })());
  await new Upload({ client: s3.client, params: { Bucket, Key: 'large', Body: megabytes }, partSize: 5 << 20 }).done();
  const { ContentLength } = await s3('HeadObject', { Bucket, Key: 'large' });
  assert.equal(ContentLength, 12 << 20);

  const { UploadId } = await s3('CreateMultipartUpload', { Bucket, Key: 'left' });
  await s3('UploadPart', { Bucket, Key: 'left', UploadId, PartNumber: 1, Body: 'x' });
  const { Uploads } = await s3('ListMultipartUploads', { Bucket });
  assert.deepEqual(Uploads.map(u => u.UploadId), [UploadId]);
  await s3('AbortMultipartUpload', { Bucket, Key: 'left', UploadId });
}

async function handOutAddresses() {
  const put = await getSignedUrl(s3.client, new s3Sdk.PutObjectCommand({ Bucket, Key: 'handed' }), { expiresIn: 60 });
  assert.equal((await fetch(put, { method: 'PUT', body: 'data' })).status, 200);
  const get = await getSignedUrl(s3.client, new s3Sdk.GetObjectCommand({ Bucket, Key: 'handed' }), { expiresIn: 60 });
  assert.equal(await (await fetch(get)).text(), 'data');
  const forged = await fetch(get.replace(/X-Amz-Expires=60/, 'X-Amz-Expires=61'));
  assert.equal(forged.status, 403);
  assert.match(await forged.text(), /SignatureDoesNotMatch/);
}

async function callFunctions() {
  const lambda = ask(lambdaSdk, 'Lambda', { credentials });
  const { Functions } = await lambda('ListFunctions');
  assert.ok(Functions.some(f => f.FunctionName === 'amc-insights-tenants' && f.Runtime === 'java25'));
  const reply = await lambda('Invoke', {
    FunctionName: 'amc-insights-tenants',
    Qualifier: 'read',
    Payload: JSON.stringify({ operation: 'ListTenants' }),
    LogType: 'Tail',
  });
  assert.deepEqual(JSON.parse(Buffer.from(reply.Payload)), { tenants: [] });
  assert.ok(reply.LogResult);
  await assert.rejects(lambda('Invoke', { FunctionName: 'none' }), lambdaSdk.ResourceNotFoundException);
}

async function followExecutions() {
  const sfn = ask(sfnSdk, 'SFN', { credentials });
  const { stateMachines } = await sfn('ListStateMachines');
  const { stateMachineArn } = stateMachines.find(m => m.name === 'amc-insights-lake-delivery');
  const { executionArn } = await sfn('StartExecution', { stateMachineArn, input: '{}' });
  let execution;
  do {
    execution = await sfn('DescribeExecution', { executionArn });
  } while (execution.status === 'RUNNING');
  assert.equal(execution.status, 'SUCCEEDED', execution.cause); // an event of nobody's bucket
  const { events } = await sfn('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1 });
  assert.equal(events[0].type, 'ExecutionSucceeded');
  assert.equal(events[0].executionSucceededEventDetails.output, execution.output);
  await assert.rejects(sfn('DescribeExecution', { executionArn: `${executionArn}-none` }), sfnSdk.ExecutionDoesNotExist);
  const { result, diagnostics } = await sfn('ValidateStateMachineDefinition', { definition: '{"StartAt": "A", "States": {}}' });
  assert.equal(result, 'FAIL');
  assert.equal(diagnostics[0].severity, 'ERROR');
}

async function query() {
  const athena = ask(athenaSdk, 'Athena', { credentials });
  const run = async (QueryString, more = {}) => {
    const { QueryExecutionId } = await athena('StartQueryExecution', {
      QueryString,
      WorkGroup: 'amc-insights-analysts',
      QueryExecutionContext: { Database: 'amc_insights' },
      ...more,
    });
    for (;;) {
      const { QueryExecution } = await athena('GetQueryExecution', { QueryExecutionId });
      if (!['QUEUED', 'RUNNING'].includes(QueryExecution.Status.State)) return QueryExecution;
      await setTimeout(50);
    }
  };
  const numbers = await run('SELECT n, nullif(n, 2) AS m FROM UNNEST(sequence(1, 1500)) AS t(n) ORDER BY n');
  assert.equal(numbers.Status.State, 'SUCCEEDED', numbers.Status.StateChangeReason);
  const rows = [];
  const { QueryExecutionId } = numbers;
  for await (const page of athenaSdk.paginateGetQueryResults({ client: athena.client }, { QueryExecutionId })) {
    rows.push(...page.ResultSet.Rows.map(r => r.Data.map(d => d.VarCharValue)));
  }
  assert.equal(rows.length, 1501);
  assert.deepEqual(rows.slice(0, 3), [['n', 'm'], ['1', '1'], ['2', undefined]]);

  const wrong = await run('SELECT x');
  assert.equal(wrong.Status.AthenaError.ErrorCategory, 2);
  const ResultReuseConfiguration = { ResultReuseByAgeConfiguration: { Enabled: true } };
  await run('SELECT 7 AS x');
  const reused = await run('SELECT 7 AS x', { ResultReuseConfiguration });
  assert.equal(reused.Statistics.ResultReuseInformation.ReusedPreviousResult, true);
  await assert.rejects(athena('GetQueryExecution', { QueryExecutionId: 'none' }), athenaSdk.InvalidRequestException);

  const glue = ask(glueSdk, 'Glue', { credentials });
  const { DatabaseList } = await glue('GetDatabases');
  assert.ok(DatabaseList.some(d => d.Name === 'amc_insights'));
  await assert.rejects(glue('GetTable', { DatabaseName: 'amc_insights', Name: 'none' }), glueSdk.EntityNotFoundException);
}

async function beRefused() {
  const stranger = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' };
  await assert.rejects(ask(stsSdk, 'STS', { credentials: stranger })('GetCallerIdentity'), { name: 'InvalidClientTokenId' });
}

for (const step of [
  signIn, beRefused, keepObjects, uploadInParts, handOutAddresses, callFunctions, followExecutions, query,
]) {
  await step();
  console.log('done:', step.name);
}
