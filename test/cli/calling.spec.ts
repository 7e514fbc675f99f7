import { COMMANDS } from '../../lib/cli/commands';
import { printable } from '../../lib/cli/terminal';
import { call } from './command-line';

describe('The command line', () => {
  it('says what there is', async () => {
    const { code, out, err } = await call(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name, summary } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
  });

  it('says so too when it is called with nothing, which is wrong', async () => {
    const { code, out, err } = await call([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Commands');
  });

  it.each(COMMANDS.map(({ name }) => name))('says what %s does and which options it has', async (name) => {
    const command = COMMANDS.find((each) => each.name === name)!;
    const { code, out } = await call([name, '--help']);
    expect(code).toBe(0);
    for (const option of command.options) expect(out).toContain(`--${option.name}`);
    expect((await call(['help', name])).out).toBe(out);
  });

  it('has help that fits a terminal of 100 columns', async () => {
    const texts = await Promise.all([call(['--help']), ...COMMANDS.map(({ name }) => call([name, '--help']))]);
    const lines = texts.flatMap(({ out }) => out.split('\n'));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it.each([
    [['statsu'], 'There is no command "statsu" (did you mean "status"?).'],
    [['frobnicate'], 'There is no command "frobnicate". There are: migrate, status,'],
    [['status', '--jsno'], 'There is no option --jsno (did you mean --json?).'],
    [['status', 'extra'], '"status" does not take "extra".'],
    [['status', '--database'], "'--database <value>'"],
    [['status', '--database', ''], 'Expected --database to have a value.'],
    [['status'], 'Expected a database: pass --database URL, or set WEBHOOKS_DATABASE_URL.'],
    [['status', '--database', 'oracle://host/x'], 'got something that begins with "oracle:"'],
    [['status', '--database', ':memory:'], 'a database in memory is inside its host'],
    [['status', '--database', 'x', '--table-prefix', 'a;b'], 'Expected the table prefix to be'],
    [
      ['deliveries', '--state', 'lost'],
      'Expected --state to be one of pending, delivered, failed, canceled, got "lost".',
    ],
    [['deliveries', '--from', 'yesterday'], 'Expected --from to be a time such as'],
    [['deliveries', '--limit', '0'], 'Expected --limit to be a whole number from 1 to 250, got "0".'],
    [['deliveries', '--from', '1h', '--to', '2h'], 'Expected --from to be before --to.'],
    [['resend'], 'Expected the id of a delivery'],
    [['replay'], 'Expected one of: a SUBSCRIPTION, --watch REPLAY, --cancel REPLAY.'],
    [['replay', '7', '--cancel', 'rpl_1'], 'Expected one of'],
    [['replay', '7'], 'Expected --from'],
    [['replay', '7', '--from', '1d', '--topics', 'a b'], 'got "a b"'],
    [['prune'], 'Expected what is to go'],
    [['prune', '--delivered-days', '0'], 'Expected --delivered-days to be a whole number from 1'],
    [['rotate-keys'], 'Expected the encryption keys in WEBHOOKS_ENCRYPTION_KEYS'],
    [['listen', '--status', '99'], 'Expected --status to be a whole number from 200 to 599'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, out, err } = await call(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toMatch(/^See: npx nestjs-webhooks .*--help$/m);
  });

  it.each([
    ['postgres://bob:hunter22@127.0.0.1:1/app', 'postgres://127.0.0.1:1/app'],
    ['mysql://bob:hunter22@127.0.0.1:1/app?ssl=false', 'mysql://127.0.0.1:1/app'],
  ])('never repeats the credentials in %s', async (url, shown) => {
    for (const given of [
      await call(['status', '--database', url]),
      await call(['status', `--database=${url}`]),
      await call(['status'], { env: { WEBHOOKS_DATABASE_URL: url } }),
      await call([url]),
    ]) {
      expect(given.code).not.toBe(0);
      expect(given.out + given.err).not.toContain('hunter22');
    }
    expect((await call(['status', '--database', url])).err).toContain(`Cannot open ${shown}: `);
  });

  it('has colours for people, and none for pipes, NO_COLOR and terminals without', async () => {
    const coloured = (calling: object) => call(['--help'], calling).then(({ out }) => out.includes('\u001b['));
    expect(await coloured({ isTTY: true })).toBe(true);
    expect(await coloured({ isTTY: false })).toBe(false);
    expect(await coloured({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await coloured({ isTTY: true, env: { TERM: 'dumb' } })).toBe(false);
  });

  it('lets nothing through to the terminal that would move its cursor or turn text around', () => {
    expect(printable('a\u001b[2Jb\u0007\u009bc\u202ed\ne')).toBe('a\\x1b[2Jb\\x07\\x9bc\\u{202e}d\\x0ae');
    expect(printable('Grüße, 世界 🎉')).toBe('Grüße, 世界 🎉');
  });
});
