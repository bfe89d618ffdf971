/**
 * Signing in as at AWS IAM Identity Center: the protocols of {@code sso-oidc} and of its portal,
 * the pages that a person sees, and STS, which tells who one has become.
 */
@NullMarked
package io.amcinsights.local.signin;

import org.jspecify.annotations.NullMarked;
