// An identity provider on this machine, from its package, for the flow through the sign-in: it
// believes everybody their name and vouches for the address that is made of it.
//
// node provider.mjs REDIRECT_URI AFTER_SIGN_OUT

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const [redirect, after] = process.argv.slice(2);

const listener = createServer();
listener.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${listener.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "privity", client_secret: "a long secret that is only for this check",
      redirect_uris: [redirect], post_logout_redirect_uris: [after],
      response_types: ["code"], grant_types: ["authorization_code"],
    }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@harbor.example`, email_verified: true, name: id }),
    }),
    cookies: { keys: ["only for this check"] },
  });
  listener.on("request", provider.callback());
  console.log(issuer);
});
