/** The installation over the AWS SDK: small gateways that the view models use. */
@NullMarked
package io.amcinsights.desktop.aws;

import org.jspecify.annotations.NullMarked;
