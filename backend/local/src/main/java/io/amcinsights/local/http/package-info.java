/** The workspace's one port: requests are verified, then handed to the AWS service they name. */
@NullMarked
package io.amcinsights.local.http;

import org.jspecify.annotations.NullMarked;
