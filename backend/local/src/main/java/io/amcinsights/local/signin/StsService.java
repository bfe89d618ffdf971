package io.amcinsights.local.signin;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Caller;
import io.amcinsights.local.http.QueryService;

import java.util.Map;

/** As much of STS as tells somebody who they are. */
final class StsService extends QueryService {

    private final String accountId;
    private final String user;

    /**
     * @param user the name of the person whose workspace it is
     */
    StsService(String accountId, String user) {
        super("sts", "https://sts.amazonaws.com/doc/2011-06-15/");
        this.accountId = accountId;
        this.user = user;
    }

    @Override
    protected Map<String, Operation> operations() {
        return Map.of("GetCallerIdentity", form -> identity());
    }

    /** A role is never seen bare: somebody has assumed it, under their name. */
    private String identity() throws AwsError {
        String role = Caller.principal();
        if (role == null) {
            throw new AwsError(403, "AccessDenied", "The key is a part's of the workspace itself.");
        }
        String arn =
                role.replaceFirst(":iam:", ":sts:").replaceFirst(":role/", ":assumed-role/")
                        + "/"
                        + user;
        return element("Arn", arn)
                + element("UserId", "AROALOCAL:" + user)
                + element("Account", accountId);
    }
}
