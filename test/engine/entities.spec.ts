import { Logger } from '@nestjs/common';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';
import { Note, Parcel } from './note.entity';

describeEachDatabase((database) => {
  const given = hostForEach(database, { entities: [Note, Parcel] });
  const notes = () => given.host.dataSource.getRepository(Note);
  const parcels = () => given.host.dataSource.getRepository(Parcel);
  const published = async () =>
    (await given.host.events()).map(({ topic, payload }) => [topic, JSON.parse(payload) as Record<string, unknown>]);

  it('makes topics of an entity that was registered with nothing but its class', async () => {
    const note = await notes().save({ text: 'one' });
    await notes().save({ id: note.id, text: 'two' });
    await notes().remove(await notes().findOneByOrFail({ id: note.id }));
    expect(await published()).toEqual([
      ['note.created', { id: note.id, text: 'one', deletedAt: null }],
      ['note.updated', { id: note.id, text: 'two', deletedAt: null }],
      ['note.deleted', { id: note.id, text: 'two', deletedAt: null }],
    ]);
    expect((await given.host.events()).map(({ subject }) => subject)).toEqual(Array(3).fill(String(note.id)));
  });

  it('never shows a column that ordinary queries do not show', async () => {
    await notes().save({ text: 'one', hidden: 'secret' });
    expect(JSON.stringify(await published())).not.toContain('secret');
  });

  it('delivers what was saved, and nothing of what was rolled back', async () => {
    const { host } = given;
    await host.subscribe({ topics: ['note.*'] });
    await notes().save({ text: 'kept' });
    const rolledBack = host.dataSource.transaction(async (manager) => {
      await manager.save(Note, { text: 'dropped' });
      throw new Error('undo');
    });
    await expect(rolledBack).rejects.toThrow('undo');
    await host.clock.advance('1m');
    expect(await published()).toMatchObject([['note.created', { text: 'kept' }]]);
    expect(host.receiver).toHaveBeenTried(1);
  });

  it('follows what the decorator says of topic, changes, tenant, payload and id', async () => {
    const parcel = await parcels().save({ account: 'acme', weight: 2 });
    await parcels().save({ ...parcel, weight: 3 });
    await parcels().remove(await parcels().findOneByOrFail({ id: parcel.id }));
    expect(await given.host.events()).toMatchObject([
      { topic: 'shipping.parcel.created', tenant: 'acme', subject: `parcel-${parcel.id}` },
      { topic: 'shipping.parcel.deleted', tenant: 'acme', subject: `parcel-${parcel.id}` },
    ]);
    expect((await published())[0]![1]).toEqual({ parcel: parcel.id, grams: 2000 });
  });

  it('takes a soft removal for a deletion, and a recovery for a creation', async () => {
    const note = await notes().save({ text: 'one' });
    const removed = await notes().softRemove(note);
    await notes().recover(removed);
    expect((await published()).map(([topic]) => topic)).toEqual(['note.created', 'note.deleted', 'note.created']);
  });

  it('publishes nothing for changes in bulk, whose rows nobody knows, and says so once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const note = await notes().save({ text: 'one' });
    await notes().update({ text: 'one' }, { text: 'two' });
    await notes().update({ text: 'two' }, { text: 'three' });
    await notes().delete({ id: note.id });
    expect((await published()).map(([topic]) => topic)).toEqual(['note.created']);
    expect(warn.mock.calls.map(([message]) => message as string)).toEqual([
      expect.stringContaining('Rows of Note that are updated in bulk'),
      expect.stringContaining('Rows of Note that are deleted in bulk'),
    ]);
  });

  it('publishes each of many entities that are saved together', async () => {
    await notes().save([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
    await notes().insert([{ text: 'four' }, { text: 'five' }]);
    const texts = (await published()).map(([, payload]) => (payload as unknown as Note).text);
    expect(texts.sort()).toEqual(['five', 'four', 'one', 'three', 'two']);
  });
});
