"""What people type in assessments: its shape; what it means is decided by actions."""
