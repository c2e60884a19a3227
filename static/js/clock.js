/* A time said by a page's script, as aimcert/foundation/times.py says it: "14:05 (London time)". The day is left out: it
   is of what the open page did. So is the place where this device, which shows the time too, is in step with it. */

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { day: "numeric", month: "long", year: "numeric" };

/* From what an element says of its clock: `data-zone`, and `data-place` as people call it. */
export const clockOf = ({ zone, place }) => {
  const format = (parts) => new Intl.DateTimeFormat(document.documentElement.lang, parts);
  const time = format({ ...TIME, timeZone: zone });
  const there = format({ ...DAY, ...TIME, timeZone: zone });
  const here = format({ ...DAY, ...TIME });
  return (moment) => {
    const at = new Date(moment);
    const said = time.format(at);
    return here.format(at) === there.format(at) ? said : `${said} (${place})`;
  };
};
