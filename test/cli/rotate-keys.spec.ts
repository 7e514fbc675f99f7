import { describeEachDatabase } from '../support/databases';
import { aKey, idOfKey } from '../support/encryption-keys';
import { worldForEach } from './world';

const [OLD, NEW] = [aKey(1), aKey(2)];
const BOTH = { env: { WEBHOOKS_ENCRYPTION_KEYS: `${NEW}, ${OLD}` } };

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('encrypts all secrets with the first key, beside hosts that go on', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { encryptionKeys: [OLD, NEW] } });
    const subscription = await host.subscribe();
    for (let number = 2; number <= 102; number++) await host.subscribe({ enabled: false });
    expect((await world.cli(['rotate-keys', '--dry-run'], BOTH)).out).toContain(
      '102 subscriptions are not under the first',
    );
    const { code, out, err } = await world.cli(['rotate-keys'], { ...BOTH, isTTY: true });
    expect(code).toBe(0);
    expect(out).toContain('the secrets of 102 subscriptions are encrypted anew.');
    expect(err).toContain('Encrypting: 100 of 102');
    expect((await world.cli(['status'])).out).toContain(`102 under key ${idOfKey(NEW)}`);
    expect((await host.subscriptions.get(subscription.id)).secrets.current()).toBe(subscription.secrets.current());
    expect((await world.cli(['rotate-keys'], BOTH)).out).toContain('the secrets of 0 subscriptions');
    expect(out + err).not.toContain(NEW);
  });

  it('changes nothing where a key is missing, and names no key but by its id', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { encryptionKeys: [OLD] } });
    await host.subscribe();
    const { code, out, err } = await world.cli(['rotate-keys'], { env: { WEBHOOKS_ENCRYPTION_KEYS: NEW } });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`not in WEBHOOKS_ENCRYPTION_KEYS: ${idOfKey(OLD)} (1 subscription)`);
    expect((await world.cli(['status'])).out).toContain(`1 under key ${idOfKey(OLD)}`);
  });

  it('refuses what is no key without showing it', async () => {
    const { code, err } = await given.world.cli(['rotate-keys'], { env: { WEBHOOKS_ENCRYPTION_KEYS: 'c2VjcmV0' } });
    expect(code).toBe(1);
    expect(err).toContain('Expected key 1 of WEBHOOKS_ENCRYPTION_KEYS to be the base64 of 32 random bytes');
    expect(err).not.toContain('c2VjcmV0');
  });

  it('goes on where it was stopped', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { encryptionKeys: [OLD] } });
    for (let number = 1; number <= 101; number++) await host.subscribe({ enabled: false });
    const onOutput = (_: string, interrupt: () => void) => interrupt();
    const stopped = await world.cli(['rotate-keys'], { ...BOTH, onOutput });
    expect(stopped).toMatchObject({ code: 1, err: expect.stringContaining('Stopped after 100 of 101.') as string });
    expect((await world.cli(['rotate-keys'], BOTH)).out).toContain('the secrets of 1 subscription are');
  });
});
