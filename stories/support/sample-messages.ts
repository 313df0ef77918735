/** Difficult and hostile messages of a backend. None of them may become markup. */

export const LONG = `Delivery stopped because the provider no longer accepts messages from this sender. ${'The quota of the day was reached early, so the remaining contacts wait; nobody was written to twice, and nothing that was handed over is lost. '.repeat(6)}Ask the provider to raise the quota, or spread the campaign over more days.`;

export const TRACE = `Data Load strategy failed at contact 2,824.
KeyError: 'preferred_locale'
  in data_load.py, line 118, map_contact()
The contact file has no column of this name.`;

export const MARKUP = `<img src=x onerror="alert('boo')"><script>alert(1)</script> & <b>not bold</b> {{name}} \${name} %s`;

/** Arabic with a Latin name in it, then a mark that would turn the rest of the line around. */
export const BIDI = `تعذّر إرسال الرسالة عبر القناة Email-2: انتهت صلاحية الشهادة.
order-\u202e4202-elif.txt was refused`;

export const UNBROKEN = `https://provider.example/v2/accounts/${'0123456789abcdef'.repeat(12)}/messages`;
