"""Ready-made offices: seeded ones in four sizes, alive or still, and the vendor's samples."""

from simulator.office.vendor import SAMPLE_SMS_TIME, SAMPLE_TIME, VendorSample, vendor_sample

__all__ = ["SAMPLE_SMS_TIME", "SAMPLE_TIME", "VendorSample", "vendor_sample"]
